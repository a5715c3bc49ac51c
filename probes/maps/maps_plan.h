/* SPDX-License-Identifier: MIT
 * What `numaprobe maps` measures: strategies under loads, by numbers of threads. */
#ifndef PROBES_MAPS_MAPS_PLAN_H
#define PROBES_MAPS_MAPS_PLAN_H

#include "base/args.h"
#include "base/cpuset.h"
#include "base/topology.h"
#include "machine/memory.h"
#include "probes/maps/go_program.h"
#include "probes/maps/load.h"
#include "probes/maps/map_user.h"
#include "probes/plan/place.h"

enum {
    MAPS_QUIESCE = 64,
    MAPS_QUIESCE_MOST = 1 << 20,
    MAPS_LISTED = 32, /* numbers of threads, or of clients */
    MAPS_CLIENTS_MOST = 1000000,
    MAPS_CLIENT_THREADS_MOST = 10000
};
#define MAPS_THINK_MOST_NS 1e9

/* What the command line asked for; NULL and 0 are the default. */
struct maps_request {
    const char *loads, *strategies, *threads, *clients, *client_threads; /* comma lists */
    double think_ns;
    unsigned aligns; /* of strategies that have one; 8 and 64 */
    /* Its own load, or changes to those that are named: */
    const char *mix, *keys, *zipf, *value;
    uint64_t quiesce;
    struct cpuset cpus; /* empty: by `place` */
    enum placement place;
    struct memory_place memory;
    bool self_test; /* each point twice, as "a" and "b" */
    const char *go; /* the Go program that builds the strategies in Go; NULL: they are left out */
    bool go_free;   /* its goroutines may change threads */
};

struct maps_point {
    const struct load *load;
    const struct map_strategy *strategy;
    bool copies; /* it iterates over a copy */
    unsigned threads;
    unsigned clients; /* dealt out to them; 0: each thread is one */
    /* Each client is a separate thread, bound to the cpus of those in turn. */
    bool client_threads;
    const char *twin; /* "a", "b", or "" outside a self-test */
};

struct maps_plan {
    struct cpuset cpus; /* thread i runs on cpu i */
    struct memory_policy memory;
    char mem_node[PLACE_NODE];
    int *owner_node; /* of thread i, whose parts of a map lie there; NULL: not --mem-node owner */
    char apart[TOPOLOGY_APART]; /* the farthest two cpus */
    unsigned quiesce;
    bool self_test;
    struct words names; /* of --load; the loads borrow them */
    struct load *load;
    size_t loads;
    unsigned threads[MAPS_LISTED]; /* ascending */
    size_t counts;
    /* Ascending; one of 0 where no clients were asked for, and none where only threads were. */
    unsigned clients[MAPS_LISTED];
    size_t client_counts;
    unsigned client_threads[MAPS_LISTED]; /* ascending */
    size_t client_thread_counts;
    double think_ns;
    struct maps_point *point; /* load by load */
    size_t points;
    struct map_user **user; /* strategies of the user's own */
    size_t users;
    bool has_go; /* the strategies in Go, built by: */
    struct go_toolchain go;
    bool go_free;
    const struct map_strategy **missing; /* asked for, or all were, and not built */
    size_t missings;
};

/* 0, or -EINVAL (-ENODATA, -ENOMEM, -ENODEV) with err naming the option. *plan is ended with
 * maps_plan_fini in either case. */
int maps_plan_build(const struct maps_request *request, const struct topology *topology,
    struct maps_plan *plan, struct err *err);
void maps_plan_fini(struct maps_plan *plan);

/* Where the point's map lies: plan->mem_node, or "owner" where the strategy has owned parts. */
const char *maps_point_node(const struct maps_plan *plan, const struct maps_point *point);
/* The distinct nodes of owner_node, ascending: "0, 1". */
enum { MAPS_OWNERS = 160 };
void maps_plan_owners(const struct maps_plan *plan, char out[MAPS_OWNERS]);

/* "rwlock", "rwlock-copy", "sharded": without the alignment. */
enum { MAPS_NAME = 64 };
void maps_point_name(const struct maps_point *point, char out[MAPS_NAME]);

#endif
