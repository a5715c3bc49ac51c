/* SPDX-License-Identifier: MIT
 * What is reported of counted calls in a Go program, with names, as JSON (docs/watch-go.md lists
 * the keys). */
#ifndef ANALYSIS_GO_EXACT_VIEW_H
#define ANALYSIS_GO_EXACT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct exact_place {
    const char *function, *file; /* NULL: not known */
    unsigned line;               /* 0: not known */
};
struct exact_site {                 /* calls from a place */
    const char *operation, *callee; /* "read", of a function that is not a map's "call" */
    struct exact_place place;
    uint64_t calls;
    uint64_t longer, longest_ns; /* than the least that can be measured */
};
struct exact_key {
    char text[160];
    uint64_t count;
};
/* A map, or a function that is not a map's. */
struct exact_group {
    uint64_t address;     /* of the map; 0: nil, or a function */
    const char *type;     /* NULL: not known */
    const char *function; /* NULL: a map */
    uint64_t calls;
    struct exact_site *site; /* owned; those with the most calls first */
    size_t sites;
    struct exact_key *key; /* owned; those that were used most first */
    size_t keys;
};
struct exact_end {
    const char *operation;
    struct exact_place place;
};
struct exact_overlap { /* second came when first was inside the same map */
    uint64_t address, count, longest_ns;
    const char *type;
    double first_s; /* after the beginning */
    struct exact_end first, second;
};
struct exact_lost {
    uint64_t calls, keys, unread_keys, forgotten_keys, overlaps, inside;
};
/* Owns its lists; texts are others'. */
struct exact_view {
    double seconds, attached_s; /* in all, and of those with probes in place */
    unsigned times;             /* that probes were put in place */
    uint64_t pid;
    const char *version, *host, *kernel, *program, *go, *what;
    double hit_ns, key_ns, step_ns, pair_ns; /* what a probe takes: probes/uprobe/call_toll.h */
    double least_ns;               /* of what is reported as longer; 0: returns have no probes */
    uint64_t hits, steps, returns; /* steps: those of the hits that were single-stepped */
    size_t probes;
    double taken_s, threads_s; /* by probes, and all that its threads ran meanwhile */
    struct exact_group *group; /* those with the most calls first */
    size_t groups;
    struct exact_overlap *overlap; /* those that were seen most often first */
    size_t overlaps;
    struct exact_lost lost;
};
void exact_view_fini(struct exact_view *view); /* zeros are safe */
/* "map[uint64]uint64 at 0xc000078180", or a function's name. Returns `out`. */
const char *exact_group_title(const struct exact_group *group, char *out, size_t size);
/* 0, -ENOMEM or -EIO. */
int exact_view_json(const struct exact_view *view, FILE *out);

#endif
