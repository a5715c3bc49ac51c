/* SPDX-License-Identifier: MIT
 * topo --record DIR: this machine, for --topology on another one. */
#ifndef CLI_TOPO_TOPO_RECORD_H
#define CLI_TOPO_TOPO_RECORD_H

#include <stdbool.h>

/* Records and prints what was recorded, unless `quiet`. Returns the exit code. */
int topo_record(const char *folder, bool quiet);

#endif
