/* SPDX-License-Identifier: MIT
 * Which cpus run the threads, and on which node the memory lies. Plain arithmetic on struct
 * topology. */
#ifndef PROBES_PLAN_PLACE_H
#define PROBES_PLAN_PLACE_H

#include "base/cpuset.h"
#include "base/topology.h"
#include "machine/memory.h"

/* Copies the cpus of --cpus; each must exist, be online and be allowed. 0, or -EINVAL or -ENOMEM
 * with err. */
int place_listed(const struct topology *topology, const struct cpuset *list, struct cpuset *cpus,
    struct err *err);

enum placement {
    PLACE_DEFAULT, /* compact, with fewer threads than two where there are fewer cpus */
    PLACE_COMPACT, /* cores of the smallest domain that has enough of them, siblings last */
    PLACE_ONE_PER_L3,
    PLACE_ONE_PER_NODE,
    PLACE_SMT,    /* threads of one core first */
    PLACE_SPREAD, /* as far from each other as possible */
    PLACEMENTS
};
extern const char *const placement_name[PLACEMENTS]; /* "" for PLACE_DEFAULT */

/* Chooses cpus for `threads` threads; 0: as many as there are domains, two for compact, spread and
 * smt. Two threads on compact are the nearest pair that is not an SMT pair. -EINVAL with err: not
 * so many places. */
int place_chosen(const struct topology *topology, enum placement placement, size_t threads,
    struct cpuset *cpus, struct err *err);

/* Two cpus for each distance but DISTANCE_SAME, the first by nearness, and never a second thread of
 * a core where it is not about siblings. */
struct place_pair {
    bool found;
    unsigned cpu[2];
};
/* Of the cpus listed (place_listed), or of all this process may use where none is. -EINVAL: a cpu
 * of the list is not available; -ENOMEM; with err. */
int place_pairs(const struct topology *topology, const struct cpuset *list,
    struct place_pair pair[DISTANCE_COUNT], struct err *err);

/* Where memory is wanted. */
struct memory_place {
    enum { MEMORY_LOCAL, MEMORY_REMOTE, MEMORY_INTERLEAVED, MEMORY_NODE, MEMORY_OWNER } kind;
    int node; /* of MEMORY_NODE */
};

/* The node for memory.node: that of the first cpu, the farthest one that is local to none of the
 * cpus, MEMORY_INTERLEAVE, or the one given. -EINVAL with err. */
int place_memory(const struct topology *topology, const struct cpuset *cpus,
    struct memory_place place, int *node, struct err *err);
/* The node of each cpu, for MEMORY_OWNER, whose parts lie with the threads that own them:
 * node[0 … cpus->count - 1], MEMORY_ANY_NODE where nothing is known of nodes. -ENODEV with err: one
 * of them has no memory. */
int place_owners(
    const struct topology *topology, const struct cpuset *cpus, int *node, struct err *err);
/* "0", "interleave", "" where nothing is known of nodes. */
enum { PLACE_NODE = 16 };
void place_node_name(int node, char out[PLACE_NODE]);

#endif
