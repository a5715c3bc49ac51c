/* SPDX-License-Identifier: MIT
 * All kinds of panels. */
#include "analysis/charts/panels.h"

const struct panels_entry panels_table[PANELS_KINDS] = {
    [PANELS_LATENCY] = {"latency", panels_latency, NULL},
    [PANELS_DISTRIBUTION] = {"distribution", panels_distribution, NULL},
    [PANELS_EVENTS] = {"events", panels_events, NULL},
    [PANELS_GAP] = {"gap", panels_gap, NULL},
    [PANELS_MATRIX] = {"matrix", panels_matrix, NULL},
    [PANELS_COSTS] = {"costs", panels_costs, NULL},
    [PANELS_NODES] = {"costs", panels_nodes, NULL},
    [PANELS_MAPS] = {"maps", panels_maps, NULL},
    [PANELS_SCALING] = {"scaling", panels_scaling, NULL},
    [PANELS_MEMORY] = {"memory", panels_memory, NULL},
    [PANELS_AB_DISTRIBUTION] = {"distribution", NULL, panels_ab_distribution},
    [PANELS_AB_RATIOS] = {"ratios", NULL, panels_ab_ratios},
};
