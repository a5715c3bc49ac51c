/* SPDX-License-Identifier: MIT
 * Counters of a stage's threads: chosen once, opened by each thread, proven by the first canary. A
 * trial counts its window into stage->trial.thread[].count and counted_ops. */
#ifndef PROBES_TRIAL_STAGE_COUNTERS_H
#define PROBES_TRIAL_STAGE_COUNTERS_H

#include "probes/trial/stage.h"

struct stage_counters {
    struct counters counters;
    char text[512], reason[1024]; /* for the CSV: what is counted, and why the rest is not */
};

/* Once threads and canary are ready. What cannot be counted is not an error; an unknown name is:
 * -EINVAL, or -ENOMEM, with err. */
int stage_counters_open(struct stage *stage, const struct counters_request *request,
    struct stage_counters *out, struct err *err);
/* Before stage_fini. Safe when zeroed. */
void stage_counters_close(struct stage *stage, struct stage_counters *counters);
/* How the first thread's counters are read; "" without any. */
const char *stage_counters_how(const struct stage *stage);

#endif
