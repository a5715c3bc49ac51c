/* SPDX-License-Identifier: MIT
 * The perf backend's groups. */
#ifndef PROBES_COUNTERS_PERF_FIT_H
#define PROBES_COUNTERS_PERF_FIT_H

#include "probes/counters/backend.h"

extern const struct backend backend_perf;
void perf_fit(struct backend_event *event, size_t events); /* see struct backend */

#endif
