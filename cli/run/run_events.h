/* SPDX-License-Identifier: MIT
 * The part of a run's report on counted events. */
#ifndef CLI_RUN_RUN_EVENTS_H
#define CLI_RUN_RUN_EVENTS_H

#include "base/table.h"
#include "cli/run/run_report.h"

/* The roles that the table shows: those asked for, else the one that shows most of contested lines
 * and L3 misses; none where nothing was counted. */
struct run_events {
    enum event_role role[EVENT_HARDWARE];
    size_t count;
};
struct run_events run_events(const struct run_report *report);
void run_events_columns(
    const struct run_events *events, const struct counters *counters, struct table *table);
void run_events_cells(
    const struct run_events *events, const struct estimate *figure, struct table *table);
/* Who counted, what is missing and why, and what an event cannot see. */
void run_events_report(const struct run_report *report, FILE *out);

#endif
