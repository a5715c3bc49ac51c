/* SPDX-License-Identifier: MIT
 * What is reported of a Go program's maps: shares with names, as a table and as JSON
 * (docs/watch-go.md lists the keys). */
#ifndef ANALYSIS_GO_MAP_VIEW_H
#define ANALYSIS_GO_MAP_VIEW_H

#include "analysis/go/map_shares.h"
#include "analysis/stats/stats.h"

#include <stdio.h>

struct map_view_site {
    const char *operation;
    const char *function, *file; /* NULL: not known */
    unsigned line;               /* 0: not known */
    uint64_t samples;
};
struct map_view_map {
    size_t process; /* index */
    enum go_map_kind kind;
    uint64_t address;        /* 0: samples whose map is not known */
    const char *name, *type; /* NULL: not known */
    bool read;               /* length and buckets are its own */
    bool has_length, growing;
    uint64_t length, buckets;
    uint64_t samples;
    struct map_view_site *site; /* owned */
    size_t sites;
};
struct map_view_process {
    uint64_t pid, threads;
    const char *program, *go; /* "go1.24.4" */
    uint64_t samples, in_maps;
    bool unread; /* its memory may not be read */
};
/* Owns its lists; texts are others'. */
struct map_view {
    double seconds;
    double design_effect; /* of the samples: map_shares_design_effect */
    const char *version, *host, *kernel;
    struct map_view_process *process;
    size_t processes;
    struct map_view_map *map;
    size_t maps;
};
void map_view_fini(struct map_view *view); /* zeros are safe */

/* `samples` of all that were taken, with its 95% interval. */
struct interval map_view_share(const struct map_view *view, uint64_t samples, uint64_t all);
/* "main.numbers, map[uint64]uint64 at 0xc000092930". Returns `out`. */
const char *map_view_title(const struct map_view_map *map, char *out, size_t size);
/* 0, -ENOMEM or -EIO. */
int map_view_json(const struct map_view *view, FILE *out);

#endif
