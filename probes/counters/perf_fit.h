/* SPDX-License-Identifier: MIT
 * The perf backend's groups: which events count together. */
#ifndef PROBES_COUNTERS_PERF_FIT_H
#define PROBES_COUNTERS_PERF_FIT_H

#include "probes/counters/backend.h"

/* As struct backend's fit; `perf` opens and reads the groups that are tried. */
void perf_fit(const struct backend *perf, struct backend_event *event, size_t events);

#endif
