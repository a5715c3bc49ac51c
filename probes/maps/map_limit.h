/* SPDX-License-Identifier: MIT
 * A limit on memory for as long as a trial takes: malloc then returns NULL, which a strategy
 * reports, where without it the kernel would end this process or another. */
#ifndef PROBES_MAPS_MAP_LIMIT_H
#define PROBES_MAPS_MAP_LIMIT_H

#include <sys/resource.h>

struct map_limit {
    struct rlimit before;
    int code; /* of setting it: 0, or there is nothing to end */
};

/* Half of what the machine has available from now on. */
struct map_limit map_limit_set(void);
void map_limit_end(struct map_limit limit);

#endif
