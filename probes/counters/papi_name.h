/* SPDX-License-Identifier: MIT
 * What PAPI calls events, and what its errors mean. For backend_papi.c. */
#ifndef PROBES_COUNTERS_PAPI_NAME_H
#define PROBES_COUNTERS_PAPI_NAME_H

#include "probes/counters/backend.h"

enum { PAPI_UNKNOWN = 1 /* no event has this name; PAPI's own errors are below 0 */ };

/* Adds the event to PAPI's event set `id`. 0, PAPI's error, or PAPI_UNKNOWN. */
int papi_add(int id, const char *name);
/* Whether PAPI may be asked for the event; else err has the reason why not. */
bool papi_accepts(const struct backend_event *event, struct err *err);
/* Puts the error of papi_add or of PAPI into words and returns its -errno. `first`: there are no
 * other events that could be in the way. */
int papi_explain(const char *name, int code, bool first, struct err *err);

#endif
