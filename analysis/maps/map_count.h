/* SPDX-License-Identifier: MIT
 * Why a reader-writer lock scales as it does: what the line of its reader count costs, by rows of
 * costs that were measured on the same machine. */
#ifndef ANALYSIS_MAPS_MAP_COUNT_H
#define ANALYSIS_MAPS_MAP_COUNT_H

#include "analysis/maps/map_table.h"

enum {
    MAP_COUNT_ADDS = 2,   /* of a read: one when it begins and one when it ends */
    MAP_COUNT_READS = 90, /* percent of gets: with fewer, writers decide how long readers wait */
    MAP_COUNT_TEXT = 400
};

/* Times in ns. */
struct map_count {
    const struct map_entry *lock; /* rwlock, in its group */
    /* An add to a line that is elsewhere: the price list's, where one other thread has written it,
     * or what all threads take that add to it at once, whichever is dearer. */
    struct interval contended;
    struct interval alone; /* an add to a line that is here */
    struct interval added; /* what sharing the count adds to a read */
    bool queued;           /* `contended` is of all threads at once */
};

/* Whether the count could be why: rwlock was measured under a load that mainly reads, with two
 * threads or more that no others push off their cpus, and clients that think are not the limit. */
bool map_count_matters(const struct map_group *group);
/* False: it does not matter, or the summary has no rows of costs of this host and distance with the
 * blocks that an interval takes, at the level of the canary that two threads had under the load. */
bool map_count_find(
    const struct summary *summary, const struct map_group *group, struct map_count *out);
/* The sentence, without its full stop; "" where map_count_find finds nothing. Returns `out`. */
const char *map_count_text(
    const struct summary *summary, const struct map_group *group, char out[MAP_COUNT_TEXT]);

#endif
