/* SPDX-License-Identifier: MIT
 * The plan: a flat list of the points to measure, with everything decided before anything runs. */
#ifndef PROBES_PLAN_PLAN_H
#define PROBES_PLAN_PLAN_H

#include "base/args.h"
#include "base/cpuset.h"
#include "base/topology.h"
#include "machine/memory.h"
#include "probes/plan/place.h"
#include "probes/plan/shape.h"
#include "probes/trial/op.h"

enum mode { MODE_THROUGHPUT, MODE_LATENCY, MODE_COUNT };
extern const char *const mode_names[MODE_COUNT];

/* What the command line asked for; zero is the default. */
struct plan_request {
    unsigned aligns;         /* OR of alignments in bytes; 8 and 64 */
    const char *layout, *op; /* comma lists; "counter", and the ops that suit a layout */
    enum mode mode;
    double gap_ns;
    struct cpuset cpus; /* empty: by `place` */
    enum placement place;
    uint64_t threads, shards; /* the placement's, and 64 or one a thread */
    struct memory_place memory;
    enum memory_pages pages;
    bool self_test; /* each variant twice, as "a" and "b", instead of its reference */
};

/* The range of alignments and the limits of --shards and --gap. */
enum { PLAN_ALIGN_MIN = 8, PLAN_ALIGN_MAX = 256, PLAN_SHARDS_MAX = 1 << 16 };
#define PLAN_GAP_MAX_NS 1e5 /* a part of the measured window */

/* One variant to measure: a layout at an alignment under an op. */
struct point {
    const struct shape *shape; /* align_bytes 0: the isolated reference */
    const struct op *op;
    const char *twin; /* "a", "b", or "" outside a self-test */
};

struct plan {
    struct cpuset cpus; /* thread i runs on cpu i */
    enum mode mode;
    double gap_ns;
    unsigned shards;
    struct memory_policy memory;
    char mem_node[PLACE_NODE];
    char apart[TOPOLOGY_APART]; /* the farthest two cpus */
    struct point *point;
    size_t points;
    struct shape **shape; /* owned */
    size_t shapes;
    struct words *layouts; /* of each request, as they were asked for; owned */
    size_t requests;
};

/* 0, or -EINVAL (-ENOENT for an unknown name, -ECHILD, -ENOMEM) with err naming the option. *plan
 * is ended with plan_fini in either case. */
int plan_build(const struct plan_request *request, const struct topology *topology,
    struct plan *plan, struct err *err);
void plan_fini(struct plan *plan);

/* The role (0 or 1) and the shard of a thread in a point. */
unsigned plan_role(const struct point *point, unsigned thread);
unsigned plan_shard(const struct point *point, unsigned thread);

#endif
