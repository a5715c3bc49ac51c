/* SPDX-License-Identifier: MIT
 * What a matrix measures: which pairs of cpus meet in which round, by which protocols, with memory
 * on which nodes. Arithmetic on struct topology only.
 *
 * Pairs of one round share no cpu, and no core either: SMT siblings in two matches would disturb
 * each other. Without SMT these are n - 1 rounds for n cpus (n odd: n); with two threads a core,
 * 2n - 3 (or 2n + 1). */
#ifndef PROBES_MATRIX_MATRIX_PLAN_H
#define PROBES_MATRIX_MATRIX_PLAN_H

#include "base/cpuset.h"
#include "base/topology.h"
#include "machine/memory.h"
#include "probes/matrix/protocol.h"

enum {
    MATRIX_CPUS_MAX = CPUSET_MAX, /* of 4,096 cpus 8 million pairs, some 1.6 GB of batches */
    MATRIX_CHECKS = 4,            /* pairs of a distance class that are measured again alone */
    MATRIX_CLASS_PAIRS = 8        /* pairs of a class that --classes measures */
};

enum matrix_home { HOME_FIRST, HOME_SECOND, HOME_NODE, HOME_COUNT };
extern const char *const matrix_home_name[HOME_COUNT];

enum { MATRIX_ALL_NODES = -3 };

/* What the command line asked for; zero is the default. */
struct matrix_request {
    struct cpuset cpus;   /* all allowed */
    const char *protocol; /* a comma list; "handover" */
    enum matrix_home home;
    int node;     /* of HOME_NODE; MATRIX_ALL_NODES: each in turn */
    bool classes; /* a sample of each distance class, one pair at a time */
    uint64_t seed;
};

/* A pair in a round. */
struct matrix_slot {
    uint16_t first, second; /* indices in `cpus`, first < second */
    uint8_t distance;       /* enum distance */
    bool counts;            /* the pair is estimated from it; else it only runs next to others, or
                             * is a check */
};

struct matrix_round {
    uint32_t slot;  /* the first one; they follow each other */
    uint16_t slots; /* pairs side by side */
};

/* A pair measured in its round and alone. */
struct matrix_check {
    uint32_t shared_round, shared_slot, alone_round, alone_slot;
};

struct matrix_series {
    const struct protocol *protocol;
    enum matrix_home home;
    int node; /* of HOME_NODE; MEMORY_ANY_NODE where none is known */
};

struct matrix_plan {
    const struct topology *topology;
    struct cpuset cpus;
    const struct topology_cpu **cpu; /* those of `cpus` */
    bool classes;
    struct matrix_series *series;
    size_t serieses;
    struct matrix_slot *slot;
    size_t slots;
    struct matrix_round *round;
    size_t rounds;
    struct matrix_check *check;
    size_t checks;
    size_t pairs[DISTANCE_COUNT]; /* of the chosen cpus, measured or not */
    bool alone[DISTANCE_COUNT];   /* the class has fallen back to one pair at a time */
};

/* -EINVAL: wrong words; -ENODEV: fewer than two cpus; -ENOMEM; with err. */
int matrix_plan_build(const struct matrix_request *request, const struct topology *topology,
    struct matrix_plan *plan, struct err *err);
void matrix_plan_fini(struct matrix_plan *plan); /* safe when zeroed */

/* From now on each pair of that distance has a separate round. 0 or -ENOMEM. */
int matrix_plan_alone(struct matrix_plan *plan, enum distance distance);

/* The node that holds a slot's page in a series: MEMORY_ANY_NODE on a machine without NUMA. */
int matrix_plan_node(const struct matrix_plan *plan, const struct matrix_slot *slot,
    const struct matrix_series *series);
/* Whether some pair of the round counts. */
bool matrix_round_counts(const struct matrix_plan *plan, size_t round);
uint16_t matrix_plan_widest(const struct matrix_plan *plan); /* most pairs in a round */

/* For matrix_plan.c: the rounds, from cpus by their cores. 0 or -ENOMEM. */
int matrix_rounds_build(struct matrix_plan *plan, uint64_t seed);

#endif
