/* SPDX-License-Identifier: MIT
 * perf_event_open(2) for one event of a target. */
#ifndef PROBES_COUNTERS_PERF_OPEN_H
#define PROBES_COUNTERS_PERF_OPEN_H

#include "probes/counters/backend.h"

#include <linux/perf_event.h>

/* perf_event_open(2), with the limit on open files raised where it is in the way. A descriptor, or
 * -errno. */
int perf_open_attr(struct perf_event_attr *attr, int pid, int cpu, int leader);
/* Opens the event that *attr encodes, in the group of `leader` (-1: a new group). Requests reads
 * from user space where the kernel wants a request. A descriptor, or -errno. */
int perf_open_event(const struct backend_event *event, const struct backend_target *target,
    int leader, struct perf_event_attr *attr);
/* The cpu that the target runs on; -1: any. */
int perf_target_cpu(const struct backend_target *target);
/* Puts the -errno of an open into words, and returns it. */
int perf_explain(int code, struct err *err);
/* Raises the limit on open files to its maximum, as perf does: many threads times many events are
 * more than the usual soft limit of 1,024. Whether it could be raised. */
bool perf_raise_limit(void);
/* A number in /proc/sys; `otherwise` where there is none. */
int64_t perf_sysctl(const char *path, int64_t otherwise);

#endif
