/* SPDX-License-Identifier: MIT
 * Which cpus run the threads, and which node holds the memory. Plain arithmetic on struct topology.
 */
#ifndef PROBES_PLAN_PLACE_H
#define PROBES_PLAN_PLACE_H

#include "base/cpuset.h"
#include "base/topology.h"
#include "machine/memory.h"

/* --cpus LIST: each must exist, be online and be allowed. -EINVAL with err. */
int place_listed(
    const struct topology *topology, const char *list, struct cpuset *cpus, struct err *err);

/* --place NAME for `threads` threads; 0: as many as the placement means, two for compact, spread
 * and smt.
 * - compact: cores of the smallest domain that has enough of them, siblings last
 * - spread: as far from each other as possible
 * - smt: threads of one core first
 * - one-per-l3, one-per-node: one cpu of each
 * NULL is compact, which with two threads is the nearest pair that is not an SMT pair.
 * -EINVAL with err: not so many places; -ENOENT: no such placement. */
int place_named(const struct topology *topology, const char *name, size_t threads,
    struct cpuset *cpus, struct err *err);

/* --mem-node: "local" (or NULL: the first cpu's node), "remote" (the farthest node that is local to
 * none of the cpus), "interleave" or a number. -EINVAL with err. */
int place_memory(const struct topology *topology, const struct cpuset *cpus, const char *name,
    int *node, struct err *err);

extern const char *const place_names[];
extern const size_t place_count;

#endif
