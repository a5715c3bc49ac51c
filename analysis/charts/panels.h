/* SPDX-License-Identifier: MIT
 * From figures to panels: the data of the report's charts and tables. What of it is drawn how is
 * said in analysis/charts; a panel's script gives these charts `$data` and, where named, variables.
 *
 * All names are those of "# panels:". Blocks of $data stand two empty lines apart, each begins with
 * a line that holds its name in quotes; unmeasured is NaN.
 *   ladder  block an op:      x ns low high ns-without-reference; xtics, log
 *   spread  block a variant:  ns share-of-blocks-in-percent; log
 *   gap     block a variant or number of contenders:  gap_ns ns low high
 *   events  block a role:     x events-per-op low high; xtics
 *   matrix  one block:        column row ns "label"; cpus, least, most, xtics and ytics
 *   price   block an op:      y ns low high; places, most, ytics
 */
#ifndef ANALYSIS_CHARTS_PANELS_H
#define ANALYSIS_CHARTS_PANELS_H

#include "analysis/charts/chart.h"
#include "analysis/dataset/dataset.h"

/* Each appends its panels, the same question of several hosts side by side. 0 or -ENOMEM. */
typedef int panels_fn(const struct dataset *dataset, struct panels *out);
panels_fn panels_latency, panels_distribution, panels_gap, panels_events, panels_matrix,
    panels_costs;

#endif
