/* SPDX-License-Identifier: MIT
 * From estimates to panels: the data of the report's charts and tables. How it is drawn is the
 * business of the chart files; a panel's script gives them `$data` and the variables named here.
 *
 * The names are those of "# panels:", of the files panels_NAME.c and of the page's sections. Blocks
 * of $data are two empty lines apart. Each begins with a line that has its name in quotes; what was
 * not measured is NaN.
 *   latency       a block is an op:      x ns low high; xtics
 *   distribution  a block is a variant or program:  time share-in-percent; log and unit
 *   events        a block is a role:     x events-per-op low high; xtics
 *   gap           a block is a variant or a number of contenders:  gap_ns ns low high
 *   matrix        one block:             column row ns "label"; cpus, least, most, xtics and ytics
 *   costs         a block is an op:      y ns low high; places, least, most, ytics; for the latency
 *                 of memory by node, too
 *   maps          one block:             x y ratio "label" "short"; columns, rows, xtics and ytics
 *   scaling       a block is a strategy: size million-ops-a-second low high;
 *                 log, unit, least, most, few, many, xtics
 *   memory        one block:             y KiB KiB-emptied; rows, least, most, ytics
 *   ratios        a block is a program:  block ratio
 */
#ifndef ANALYSIS_CHARTS_PANELS_H
#define ANALYSIS_CHARTS_PANELS_H

#include "analysis/ab/ab_result.h"
#include "analysis/charts/chart.h"
#include "analysis/dataset/dataset.h"

/* Each appends its panels, the same question of several hosts side by side. 0 or -ENOMEM. */
typedef int panels_fn(const struct dataset *dataset, struct panels *out);
panels_fn panels_latency, panels_distribution, panels_events, panels_gap, panels_matrix,
    panels_costs, panels_nodes, panels_maps, panels_scaling, panels_memory;
/* Of what `ab` compared. */
typedef int panels_ab_fn(const struct ab_result *result, struct panels *out);
panels_ab_fn panels_ab_distribution, panels_ab_ratios;

enum panels_kind {
    PANELS_LATENCY,
    PANELS_DISTRIBUTION,
    PANELS_EVENTS,
    PANELS_GAP,
    PANELS_MATRIX,
    PANELS_COSTS,
    PANELS_NODES,
    PANELS_MAPS,
    PANELS_SCALING,
    PANELS_MEMORY,
    PANELS_AB_DISTRIBUTION,
    PANELS_AB_RATIOS,
    PANELS_KINDS
};
struct panels_entry {
    const char *name;
    panels_fn *add; /* NULL: the next, for each result of ab */
    panels_ab_fn *add_ab;
};
extern const struct panels_entry panels_table[PANELS_KINDS];

#endif
