/* SPDX-License-Identifier: MIT
 * The plan of a price list: which prices there could be, by which cpus and on which memory each is
 * measured, and why others cannot be. Arithmetic on struct topology only. */
#ifndef PROBES_COSTS_COSTS_PLAN_H
#define PROBES_COSTS_COSTS_PLAN_H

#include "base/cpuset.h"
#include "base/topology.h"
#include "machine/memory.h"
#include "probes/costs/walk.h"

enum line_state { LINE_MODIFIED, LINE_EXCLUSIVE, LINE_SHARED, LINE_INVALID, LINE_STATES };
extern const char *const line_state_name[LINE_STATES];

enum costs_home { HOME_LOCAL, HOME_REMOTE, COSTS_HOMES };
extern const char *const costs_home_name[COSTS_HOMES];

enum { COSTS_OPS = 5, COSTS_NO_OP = 1 << COSTS_OPS, COSTS_GAPS = 64 };
/* In the order of a price list; then "none", for COSTS_NO_OP. */
extern const char *const costs_op_name[COSTS_OPS + 1];

/* Ops of the holding curve. */
enum { HOLD_OPS = 3 };
extern const char *const hold_op_name[HOLD_OPS];

/* Who contends in the holding curve: 2, 4, 8, ... and all of the cpus; the requester and another
 * one at each distance; all cpus of one L3, of two, and of two packages. */
enum hold_contenders { CONTEND_COUNTS, CONTEND_DISTANCES, CONTEND_DOMAINS, HOLD_CONTENDERS };
extern const char *const hold_contenders_name[HOLD_CONTENDERS];

/* What the command line asked for; zero is the default. */
struct costs_request {
    struct cpuset cpus;          /* the first one requests; all allowed, siblings last */
    unsigned ops, states, homes; /* a bit for each; all */
    unsigned hold_ops;           /* add */
    unsigned contenders;         /* counts */
    double gap_ns[COSTS_GAPS];   /* in any order, also repeated */
    size_t gaps;                 /* 0: the usual ones */
    bool no_gap;                 /* no holding curve */
};

enum {
    COSTS_TEXT = 120,
    COSTS_NOBODY = -1,
    COSTS_GROUPS = 16 /* counts, to 2^13 cpus */ + DISTANCE_COUNT + 3 /* domains */,
    HOLD_GROUP_NAME = 32
};

/* The owner of the lines, seen from the requester. Cpus are indices into the plan's. */
struct costs_place {
    int owner; /* COSTS_NOBODY: there is no such place */
    int third; /* the other holder of a shared line; COSTS_NOBODY: there is none */
    char why[COSTS_TEXT], why_third[COSTS_TEXT]; /* the reason why; else "" */
};

struct costs_node {
    struct memory_policy policy;
    bool asked;
    char name[16];        /* of the node: "0"; "" where no nodes are known */
    char why[COSTS_TEXT]; /* why there is no such memory; "" */
};

/* A line of the price list. */
struct price_point {
    const struct walk *op;
    enum line_state state;
    enum distance distance; /* DISTANCE_COUNT: the line is in memory and has no owner */
    enum costs_home home;
};

/* Contenders of the holding curve. */
struct hold_group {
    char name[HOLD_GROUP_NAME]; /* "4 cpus", "same L3", "two packages" */
    unsigned *member;           /* indices into the plan's cpus, ascending */
    unsigned threads;           /* 0 where there is no such group */
    enum distance distance;     /* between the farthest two of them */
    char why[COSTS_TEXT];       /* why there is no such group, or it is not measured again; "" */
};

/* A point of the holding curve. */
struct hold_point {
    const struct hold_group *group; /* the plan's */
    const struct walk *op;
    double gap_ns;
    bool alone; /* each thread on separate lines: what gap and op cost without the others */
};

struct costs_plan {
    struct cpuset cpus; /* the requester first */
    unsigned line_bytes;
    struct costs_place place[DISTANCE_COUNT];
    struct costs_node node[COSTS_HOMES];
    struct price_point *price;
    size_t prices;
    struct hold_group group[COSTS_GROUPS];
    size_t groups;
    const struct walk *hold_op[HOLD_OPS];
    size_t hold_ops;
    double *gap_ns; /* ascending, each once */
    size_t gaps;
    /* Of each op, group and gap: a contended point and then the same one alone. */
    struct hold_point *hold;
    size_t holds;
    const char *why_no_hold; /* "" */
};

/* 0, or -EINVAL (-ENOENT for an unknown name, -ENOMEM) with err naming the option. *plan is ended
 * with costs_plan_fini in either case. */
int costs_plan_build(const struct costs_request *request, const struct topology *topology,
    struct costs_plan *plan, struct err *err);
void costs_plan_fini(struct costs_plan *plan);

/* Why the price cannot be measured here; "" when it can. */
const char *costs_why_not(const struct costs_plan *plan, const struct price_point *price);
/* The cpu that owns the lines of a price; the requester's own for lines in memory, which it flushes
 * itself. An index into the plan's cpus. */
unsigned costs_owner(const struct costs_plan *plan, const struct price_point *price);
/* The other holder of the lines, COSTS_NOBODY unless they are shared. */
int costs_third(const struct costs_plan *plan, const struct price_point *price);

#endif
