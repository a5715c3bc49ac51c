/* SPDX-License-Identifier: MIT
 * The file in which a process's JIT names the code that it makes, where it does so:
 * /tmp/perf-PID.map of the process's own file system. */
#ifndef PROBES_WATCH_PERF_MAP_H
#define PROBES_WATCH_PERF_MAP_H

#include <stdio.h>

/* To be closed by the caller. NULL: there is none, or it is not a file of the process's user. */
FILE *perf_map_open(int pid);

#endif
