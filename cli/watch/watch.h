/* SPDX-License-Identifier: MIT
 * What the parts of `numaprobe watch` share. */
#ifndef CLI_WATCH_WATCH_H
#define CLI_WATCH_WATCH_H

#include "analysis/code/window_cache.h"
#include "analysis/finding/finding_view.h"
#include "analysis/watch/contested.h"
#include "analysis/watch/proved.h"
#include "base/outfile.h"
#include "cli/watch/watch_args.h"
#include "cli/watch/watch_budget.h"
#include "cli/watch/watch_price.h"
#include "machine/system/system.h"
#include "probes/watch/watched.h"

#include <stdio.h>

struct watch_session {
    struct watch_args args;
    const volatile int *stop;
    struct outfile json;
    struct watched watched;
    struct window_cache *windows;
    struct contested *contested;
    struct proved proved;
    struct watch_budget budget;
    struct watch_price price;
    struct rng rng;
    uint64_t dead_ns; /* of a watchpoint, until it sees */
    uint64_t began_ns;
    uint64_t samples, undecoded; /* of those: nothing was known of the code there */
    uint64_t tries;              /* questions to watchpoints */
    uint64_t late;               /* those whose answer was noticed too late to count */
    uint64_t occupied;           /* those for which others had the debug registers */
};

double watch_seconds(const struct watch_session *session);
/* Takes what was sampled since the last time. 0 or -ENOMEM. */
int watch_sample(struct watch_session *session);
/* One question to watchpoints, where there is a candidate. 0, or -errno with err. */
int watch_prove(struct watch_session *session, struct err *err);

/* What was found so far, and what it refers to. */
struct watch_found {
    struct watch_process *process; /* opaque */
    size_t processes;
    struct system_info system;
    struct detect_view view;
};
/* Ended by watch_found_fini, also after a failure. 0 or -ENOMEM with err. */
int watch_find(struct watch_session *session, struct watch_found *out, struct err *err);
void watch_found_fini(struct watch_found *found);

void watch_print_text(
    const struct watch_session *session, const struct detect_view *view, FILE *out);

#endif
