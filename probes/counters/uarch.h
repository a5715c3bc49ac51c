/* SPDX-License-Identifier: MIT
 * Which processor this is, as data/events names it, and what its PMUs cover. */
#ifndef PROBES_COUNTERS_UARCH_H
#define PROBES_COUNTERS_UARCH_H

#include "base/event_set.h"

#include <stdbool.h>

/* Reads the first cpu in /proc/cpuinfo; zero and "" where it is silent. */
void uarch_read(struct event_cpu *cpu);
void uarch_read_at(const char *root, struct event_cpu *cpu);
/* Whether an event "PMU/.../" belongs to a PMU that several cores share: it has a cpumask, with one
 * cpu for each group of cores. */
bool uarch_is_wide(const char *event);

#endif
