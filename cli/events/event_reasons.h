/* SPDX-License-Identifier: MIT
 * Why roles are not counted: each reason once. */
#ifndef CLI_EVENTS_EVENT_REASONS_H
#define CLI_EVENTS_EVENT_REASONS_H

#include "probes/counters/counters.h"

#include <stdio.h>

/* "rfo, l3-miss: REASON." for each reason; nothing where all are counted. */
void event_reasons_print(const struct counters *counters, FILE *out);
/* A role's name; of one of the user's own events, its. */
const char *event_name(const struct counters_role *role);

#endif
