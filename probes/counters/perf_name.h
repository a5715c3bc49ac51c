/* SPDX-License-Identifier: MIT
 * From an event's name to what perf_event_open takes. */
#ifndef PROBES_COUNTERS_PERF_NAME_H
#define PROBES_COUNTERS_PERF_NAME_H

#include "base/err.h"

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>

/* Names: perf's generic ones (cycles, page-faults), sysfs events and codes
 * (cpu/event=0x24,umask=0x42/, cpu/mem-loads/), raw codes (r1a8), and libpfm4's. Fills type, config
 * and config1..2 of *attr and zeroes the rest. 0; -ENODEV with err when its PMU is not here or
 * another processor has it, or another -errno when no event has this name. */
int perf_name_encode(const char *name, struct perf_event_attr *attr, struct err *err);
/* Aims an encoded event at the core PMU of `cpu`, where each kind of core has a PMU:
 * without it, the kernel takes the first PMU, which counts nothing elsewhere. */
void perf_name_aim(const char *root, int cpu, struct perf_event_attr *attr);
/* Whether libpfm4 knows an event of this name of any processor. */
bool perf_name_is_elsewhere(const char *name);
/* The event as `perf stat -e` takes it, "r1a8:u". "" when it has no code here. */
void perf_name_code(const char *name, char *out, size_t size);

#endif
