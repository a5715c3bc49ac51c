/* SPDX-License-Identifier: MIT
 * How long Go's collections of garbage stopped the threads of a strategy, added up over the windows
 * of its trials: in a single window there is rarely one. */
#ifndef ANALYSIS_MAPS_MAP_PAUSES_H
#define ANALYSIS_MAPS_MAP_PAUSES_H

#include "analysis/maps/map_table.h"

struct map_pauses {
    double seconds; /* of the windows */
    double pauses;  /* collections that ended in them */
    double paused_ns, most_ns;
};

/* Of the accepted rows with the entry's strategy, load and number of threads. false: they are not
 * of a strategy in Go. */
bool map_pauses_sum(const struct samples *samples, const struct map_group *group,
    const struct map_entry *entry, struct map_pauses *out);

#endif
