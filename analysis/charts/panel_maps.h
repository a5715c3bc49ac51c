/* SPDX-License-Identifier: MIT
 * What the panels about maps have in common: which groups are in one panel, and the rows of its
 * table. For analysis/charts/panels_{maps,scaling,memory}.c. */
#ifndef ANALYSIS_CHARTS_PANEL_MAPS_H
#define ANALYSIS_CHARTS_PANEL_MAPS_H

#include "analysis/charts/chart.h"
#include "analysis/dataset/dataset.h"
#include "analysis/maps/map_table.h"

/* Groups of one panel, at least one; all have entries. */
struct map_selection {
    const struct map_group *group;
    size_t groups;
};

/* How many groups from `first` on belong together. */
typedef size_t map_span_fn(const struct map_table *table, size_t first);
map_span_fn map_span_run; /* all of its run; map_table_series: what one curve is through */
typedef int map_build_fn(
    const struct dataset *dataset, const struct map_selection *pick, struct panels *out);
/* Calls `build` for each span of groups. 0, -ENOMEM or what it returned. */
int panels_maps_each(
    const struct dataset *dataset, map_span_fn *span, map_build_fn *build, struct panels *out);

/* Strategies of several groups, each once. */
enum { MAP_NAMES_MAX = 48 };
struct map_names {
    const struct map_entry *entry[MAP_NAMES_MAX];
    size_t count, left_out;
};
/* Adds those of the group that are not there yet, without the instrument itself. */
void map_names_add(struct map_names *names, const struct map_group *group);
/* The entry of that strategy and twin in another group; NULL: not measured. */
const struct map_entry *map_names_find(
    const struct map_group *group, const struct map_entry *entry);

/* "; host a; x.csv; regime 1, canary 80 ns", each where there could be another. */
void print_map_origin(FILE *out, const struct dataset *dataset, const struct map_group *group);
/* "2 threads", and of clients "2 threads, 1000 clients" */
void print_map_size(FILE *out, const struct map_group *group);
void print_map_name(FILE *script, const struct map_entry *entry); /* fit for gnuplot */
void cell_kib(struct table *table, double bytes);

#endif
