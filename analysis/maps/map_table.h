/* SPDX-License-Identifier: MIT
 * Strategies of maps compared: under one load, with one number of threads. Works on
 * samples just made or read from a CSV. */
#ifndef ANALYSIS_MAPS_MAP_TABLE_H
#define ANALYSIS_MAPS_MAP_TABLE_H

#include "analysis/dataset/summary.h"
#include "analysis/verdict/verdict.h"

struct map_entry {
    const struct estimate *estimate; /* layout: the strategy; borrowed from the summary */
    /* Its time by that of the baseline in the same blocks: 2 is twice as slow. n is 0 for the
     * baseline itself, and where there is none. In a self-test, of twin b to twin a. */
    struct interval ratio;
};

/* One load with one number of threads and of clients, in the regime with the most blocks. */
struct map_group {
    const char *run_id, *host, *load;
    const char *what; /* the load is; "" in files older than the column */
    int64_t threads, regime;
    int64_t clients;         /* that the threads serve; SAMPLE_NONE: each thread is one */
    int64_t client_threads;  /* 1: each client is a thread, on `threads` cpus */
    struct map_entry *entry; /* the fastest first; `none`, the instrument itself, last */
    size_t entries;
    size_t blocks;    /* of the entry that has the most */
    double canary_ns; /* of its regime; NaN: none */
    bool twins; /* of a self-test: in the order of the summary, without baseline and runner-up */
    const struct map_entry *baseline; /* rwlock, or what comes nearest to it; NULL */
    /* How the second fastest compares to the fastest: by its time. */
    struct interval runner_up;
};

struct map_table {
    struct map_group *group; /* by run, load, threads, client_threads, clients */
    size_t groups;
};

/* Groups from `first` on that differ in one number only: of clients, or where there are none, of
 * threads. */
size_t map_table_series(const struct map_table *table, size_t first);
/* "threads", "clients", "client threads". */
const char *map_group_units(const struct map_group *group);
/* That number; and its unit: "8 threads". */
int64_t map_group_size(const struct map_group *group);
enum { MAP_GROUP_NAME = 40 };
const char *map_group_name(const struct map_group *group, char out[MAP_GROUP_NAME]);
/* What clients have in common: "2 threads", or "2 cpus" where they are threads. */
const char *map_group_places(const struct map_group *group, char out[MAP_GROUP_NAME]);
/* "12", "1.5k", "1M". */
const char *map_size_text(double size, char out[MAP_GROUP_NAME]);
/* Million ops a second of all threads, where an op takes a thread so long. */
double map_throughput(const struct map_group *group, double ns);

/* Of all estimates of maps. 0 or -ENOMEM; ended by map_table_fini in either case. */
int map_table_build(const struct summary *summary, struct map_table *out);
void map_table_fini(struct map_table *table);

bool map_entry_is_same(const struct map_entry *a, const struct map_entry *b); /* but for the load */
bool map_entry_is_map(const struct map_entry *entry);                         /* not `none` */
/* The strategy and its alignment: "sharded 64 B". */
enum { MAP_ENTRY_NAME = 64 };
const char *map_entry_name(const struct map_entry *entry, char out[MAP_ENTRY_NAME]);
/* NULL: not measured. `align_bytes`: SAMPLE_NONE for none. */
const struct map_entry *map_group_find(
    const struct map_group *group, const char *strategy, int64_t align_bytes);
/* `value` by `reference`, in the blocks that both have. 0 or -ENOMEM. */
int map_entry_compare(
    const struct map_entry *value, const struct map_entry *reference, struct interval *out);

#endif
