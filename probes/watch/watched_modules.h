/* SPDX-License-Identifier: MIT
 * The files whose code a process has mapped, as a recording of `numaprobe cc` names them. */
#ifndef PROBES_WATCH_WATCHED_MODULES_H
#define PROBES_WATCH_WATCHED_MODULES_H

#include "base/record.h"
#include "probes/watch/address_space.h"

/* Lists them, the program first, into an array that the caller frees; NULL with *count 0 when out
 * of memory. A path is the process's where that is the same file here, else one below /proc. */
struct record_module *watched_modules(struct address_space *space, size_t *count);

#endif
