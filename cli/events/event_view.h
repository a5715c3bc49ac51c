/* SPDX-License-Identifier: MIT
 * Counted events in the reports of run and maps: columns of a table, JSON, and notes. */
#ifndef CLI_EVENTS_EVENT_VIEW_H
#define CLI_EVENTS_EVENT_VIEW_H

#include "analysis/dataset/summary.h"
#include "analysis/format/format_json.h"
#include "base/table.h"
#include "probes/counters/counters.h"

#include <stdio.h>

/* What was to be counted, and how. Nothing is owned. */
struct event_view {
    const struct counters *counters;
    const char *how; /* the first thread's counters are read */
    /* By --events, by --counters, by --counters none. */
    bool events_asked, counters_asked, counters_off;
};
/* From the two options: --counters, which has a default, and --events, which may be NULL. */
struct event_view event_view_of(
    const struct counters *counters, const char *how, const char *backend, const char *events);

/* The roles that the table shows: those asked for, else the one that shows most of contested lines
 * and L3 misses; none where nothing was counted. */
struct event_shown {
    enum event_role role[EVENT_HARDWARE];
    size_t count;
};
struct event_shown event_view_shown(const struct event_view *view, const struct summary *summary);
void event_view_columns(
    const struct event_view *view, const struct event_shown *shown, struct table *table);
void event_view_cells(
    const struct event_shown *shown, const struct estimate *estimate, struct table *table);
/* Events per op of the roles that were counted, by name: intervals. */
json_t *event_view_json(const struct event_view *view, const struct estimate *estimate);
/* Who counted, what is missing and why, and what an event cannot see. */
void event_view_report(const struct event_view *view, FILE *out);

#endif
