/* SPDX-License-Identifier: MIT
 * All kinds of panels. */
#include "analysis/charts/panels.h"

const struct panels_entry panels_table[PANELS_KINDS] = {
    [PANELS_LATENCY] = {"latency", panels_latency},
    [PANELS_DISTRIBUTION] = {"distribution", panels_distribution},
    [PANELS_EVENTS] = {"events", panels_events},
    [PANELS_GAP] = {"gap", panels_gap},
    [PANELS_MATRIX] = {"matrix", panels_matrix},
    [PANELS_COSTS] = {"costs", panels_costs},
};
