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

/* What was found so far, and what it refers to. */
struct watch_found {
    struct watch_process *process; /* opaque */
    size_t processes;
    struct system_info system;
    struct detect_view view;
};

struct watch_session;
struct watch_live;

/* What one kind of watching does. */
struct watch_mode {
    bool samples, stacks; /* it samples threads, with their stacks */
    bool settles;         /* less often later, when most has been seen */
    uint64_t tick_ns;
    /* Before the first tick; what it has is ended by close, also after a failure. 0 or -errno. */
    int (*open)(struct watch_session *session, struct err *err);
    /* Each tick_ns. 0, or -errno with err. */
    int (*tick)(struct watch_session *session, struct err *err);
    /* What was found so far, by watch_live_line(). */
    void (*draw)(struct watch_live *live, struct watch_session *session);
    /* As text, where `text` is not NULL, and as JSON, where `json` is not; *found: as --fail-on
     * wants it. 0, or -errno with err. */
    int (*report)(
        struct watch_session *session, FILE *text, FILE *json, size_t *found, struct err *err);
    void (*close)(struct watch_session *session);
};
extern const struct watch_mode watch_sharing, watch_maps, watch_locks, watch_exact;

struct watch_session {
    struct watch_args args;
    const struct watch_mode *mode;
    const volatile int *stop;
    struct outfile json;
    struct watched watched;
    struct window_cache *windows;
    struct contested *contested;
    struct proved proved;
    struct watch_found shown; /* on the terminal */
    struct watch_budget budget;
    struct watch_price price;
    struct maps_watch *maps; /* what those modes have */
    struct locks_watch *locks;
    struct exact_watch *exact;
    struct rng rng;
    double due, aged_s; /* ticks since the last question; when candidates last lost weight */
    uint64_t dead_ns;   /* of a watchpoint, until it sees */
    uint64_t began_ns;
    uint64_t samples, undecoded; /* of those: nothing was known of the code there */
    uint64_t tries;              /* questions to watchpoints */
    uint64_t late;               /* those whose answer was noticed too late to count */
    uint64_t occupied;           /* those for which others had the debug registers */
    double counting_s;           /* while a thread that crosses had each access counted */
};

double watch_seconds(const struct watch_session *session);
/* 1 at most: how often to look, less than in the beginning or where it takes too much. */
double watch_pace(const struct watch_session *session);
/* Takes what was sampled since the last time. 0 or -ENOMEM. */
int watch_sample(struct watch_session *session);
/* One question to watchpoints, where there is a candidate. 0, or -errno with err. */
int watch_prove(struct watch_session *session, struct err *err);

/* Ended by watch_found_fini, also after a failure. 0 or -ENOMEM with err. */
int watch_find(struct watch_session *session, struct watch_found *out, struct err *err);
void watch_found_fini(struct watch_found *found);

void watch_print_text(
    const struct watch_session *session, const struct detect_view *view, FILE *out);
/* Switches off what a killed `watch --locks` left on in a process. 0, or -errno with err. */
int watch_locks_off(int pid, struct err *err);
/* What watching took of the threads' time, and what of it was not seen. */
void watch_print_cost(const struct watch_session *session, FILE *out);
void watch_print_unseen(const struct watch_session *session, FILE *out);

/* The debug information of a process's modules; both must live as long. NULL: out of memory. */
struct dwarf *watch_dwarf(const struct record_module *module, size_t modules);

#endif
