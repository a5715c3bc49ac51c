/* SPDX-License-Identifier: MIT
 * The machine as a plain struct: what planning needs, filled by machine/topology.c (from hwloc) and
 * readable without it. */
#ifndef BASE_TOPOLOGY_H
#define BASE_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far two cpus are from each other; the order is from near to far. */
enum distance {
    DISTANCE_SAME,    /* the same cpu */
    DISTANCE_SMT,     /* two threads of one core */
    DISTANCE_L3,      /* the same L3 */
    DISTANCE_PACKAGE, /* another L3 (or none known) in the same package */
    DISTANCE_REMOTE,  /* another package */
    DISTANCE_COUNT
};

struct topology_cpu {
    unsigned cpu; /* OS index */
    /* Logical indices, counted over the whole machine; -1 where hwloc knows of none. */
    int core, l3, package;
    int node;     /* OS index of the local NUMA node; -1 where none is known */
    unsigned smt; /* rank among the threads of its core, from 0 */
    bool allowed; /* this process may run there */
    /* The name of its kind of core on a hybrid processor, which the topology owns: equal pointers
     * are equal kinds. NULL where all cpus are of one kind. */
    const char *kind;
};

enum { TOPOLOGY_KIND_NAME = 32 };

/* Where a recorded topology states no size of any node. */
#define TOPOLOGY_UNKNOWN UINT64_MAX

struct topology_node {
    unsigned node;         /* OS index */
    uint64_t memory_bytes; /* 0: it has no memory; TOPOLOGY_UNKNOWN: not stated */
    unsigned cpus;         /* 0: memory only */
    bool allowed;          /* this process may allocate there */
};

struct topology {
    struct topology_cpu *cpu; /* ascending by OS index */
    size_t cpus;
    struct topology_node *node; /* ascending by OS index */
    size_t nodes;
    unsigned *distance; /* nodes x nodes, as the firmware states them; NULL where it does not */
    /* nodes x nodes, from a node's cpus to a node's memory, as the firmware states them; 0 and NULL
     * where it does not. */
    unsigned *latency_ns;
    char (*kind)[TOPOLOGY_KIND_NAME]; /* "P", "E": kinds of cores, the fastest first; NULL: one */
    size_t kinds;                     /* 0 where all cpus are of one kind, else at least 2 */
    size_t packages, cores, l3s;
    uint64_t l1_bytes, l2_bytes, l3_bytes; /* of the first one, of L1 for data; 0: unknown */
    unsigned line_bytes;                   /* cache line; 0: unknown */
    bool is_this_machine; /* false for a synthetic or loaded topology: nothing can be bound */
    char source[64];      /* "this machine", "synthetic", "XML" */
};

void topology_fini(struct topology *topology);
/* NULL when there is no such cpu (or node). */
const struct topology_cpu *topology_cpu(const struct topology *topology, unsigned cpu);
const struct topology_node *topology_node(const struct topology *topology, unsigned node);
/* An index of a cpu by its kind; negative where it is not known. */
enum topology_kind { TOPOLOGY_CPU, TOPOLOGY_CORE, TOPOLOGY_L3, TOPOLOGY_PACKAGE, TOPOLOGY_NODE };
int topology_index(const struct topology_cpu *cpu, enum topology_kind kind);
enum distance topology_distance(const struct topology_cpu *a, const struct topology_cpu *b);
/* Of the farthest two of these cpus, which all exist. */
enum distance topology_farthest(const struct topology *topology, const unsigned *cpu, size_t cpus);
const char *distance_name(enum distance distance); /* "same core", "same L3", … */
/* Of the farthest two of these cpus in words, with the kinds of cores among them where there are
 * several: two cpus of two kinds are as far apart as any, but not as fast. "same L3, P+E". */
enum { TOPOLOGY_APART = 96 };
void topology_apart(
    const struct topology *topology, const unsigned *cpu, size_t cpus, char out[TOPOLOGY_APART]);
/* The kinds of these cpus, joined: "P", "P+E"; "" where all cpus of the machine are of one kind. */
void topology_kinds(
    const struct topology *topology, const unsigned *cpu, size_t cpus, char *out, size_t size);

#endif
