/* SPDX-License-Identifier: MIT
 * Which processor this is, as data/events names it, and what its PMUs cover. */
#ifndef PROBES_COUNTERS_UARCH_H
#define PROBES_COUNTERS_UARCH_H

#include "base/event_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `root` is as in sysfile.h: "" on this machine.
 *
 * Reads the first cpu in /proc/cpuinfo; zero and "" where it is silent, or where Arm cores of
 * several parts are mixed, since an event file is for one. */
void uarch_read(const char *root, struct event_cpu *cpu);
/* Whether an event "PMU/.../" belongs to a PMU that several cores share: it has a cpumask, with one
 * cpu for each group of cores. */
bool uarch_is_wide(const char *root, const char *event);

/* A hybrid machine has a PMU for each kind of core (cpu_core and cpu_atom, armv8_pmuv3_0 and _1),
 * whose file `cpus` lists where it counts. */
enum { UARCH_KINDS = 8 };
/* The type, for perf_event_open(2), of the core PMU that counts on `cpu`. False where all cores
 * have the same PMU. */
bool uarch_core_pmu(const char *root, int cpu, uint32_t *type);
/* Whether an event can count on `cpu`: "PMU/.../" on the cpus of that PMU, others on all. With cpu
 * -1: on every cpu. True as well where the machine is not hybrid. */
bool uarch_serves(const char *root, const char *event, int cpu);
/* One cpu of each kind that the main thread may run on (others are pinned); 0 where the machine is
 * not hybrid. */
size_t uarch_kinds(const char *root, unsigned cpu[UARCH_KINDS]);

#endif
