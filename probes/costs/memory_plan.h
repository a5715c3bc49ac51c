/* SPDX-License-Identifier: MIT
 * The plan of `matrix --memory`: one cpu of each kind, and each node that has memory. Arithmetic on
 * struct topology only. */
#ifndef PROBES_COSTS_MEMORY_PLAN_H
#define PROBES_COSTS_MEMORY_PLAN_H

#include "probes/costs/costs_plan.h"

/* What the command line asked for; zero is the default but for `node`. */
struct memory_request {
    struct cpuset cpus; /* the requesters are among them; empty: all allowed */
    int node;           /* this node's memory; MEMORY_ANY_NODE: of all */
    enum memory_pages pages;
};

struct memory_target {
    struct memory_policy policy; /* node: MEMORY_ANY_NODE where no nodes are known */
    char home[24];               /* "node 2"; "" where none is known */
    char name[16];               /* "2"; "" */
    char why[COSTS_TEXT];        /* why it is not measured; "" */
};

struct memory_point {
    unsigned cpu;  /* index of the plan's cpus: it loads */
    size_t target; /* index of the plan's targets */
};

struct memory_plan {
    const struct topology *topology;
    /* Of each node, package and kind of core the first cpu. */
    struct cpuset cpus;
    unsigned line_bytes;
    struct memory_target *target; /* every node, ascending; one where no nodes are known */
    size_t targets;
    struct memory_point *point; /* by cpu, then target; without those that have a `why` */
    size_t points;
};

/* 0, or -EINVAL, -ENODEV, -ENOMEM with err naming the option. *plan is ended with memory_plan_fini
 * in either case; `topology` must outlive it. */
int memory_plan_build(const struct memory_request *request, const struct topology *topology,
    struct memory_plan *plan, struct err *err);
void memory_plan_fini(struct memory_plan *plan);
/* What the firmware states for a point, in ns; 0: nothing. */
unsigned memory_plan_stated(const struct memory_plan *plan, const struct memory_point *point);

#endif
