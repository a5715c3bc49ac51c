/* SPDX-License-Identifier: MIT
 * What pricing works with: the program's runs, the scenes that are replayed, the machine's cpus,
 * and what the blocks measured so far. */
#ifndef CLI_DETECT_PRICE_SESSION_H
#define CLI_DETECT_PRICE_SESSION_H

#include "cli/detect/detect.h"
#include "cli/detect/price_scene.h"
#include "probes/trial/block.h"

enum { PRICE_BLOCKS = 1000 /* a bound on memory */ };

struct price_subject {
    const struct sharing *sharing;
    struct price *price;
    struct price_block *block;
    bool happens;
    size_t fix;               /* of the scene of all, where it happens */
    struct price_scene moved; /* where it does not */
};

struct price_session {
    const struct detect_session *with;
    const struct recording *recording;
    struct machine *machine;
    struct topology topology;
    struct stage *stage;
    struct price_subject subject[PRICE_FINDINGS];
    size_t subjects;
    /* All findings of the process, those that happen and are priced first. */
    struct pattern_item item[PATTERN_ITEMS];
    size_t happening;
    struct dwarf *plain; /* the program that is priced */
    struct price_scene all;
    struct price_block *all_block;
    int *regime; /* by block */
    size_t blocks;
    struct price_program program;
    double *saved_ns; /* by thread of the recording; in program.cpu_ns's memory */
    bool crowded;     /* more of the program run while one of it runs on one cpu */
    char **argv;
    size_t records; /* in the folder before the first baseline run */
    uint64_t began_ns;
};

/* Which findings can be priced, the others get their reason; 0 or -errno with err. Without any
 * subject there is nothing more to do. */
int price_session_choose(struct price_session *session, struct detect_prices *out, struct err *err);
/* The cpus, and a replay of each scene; fails when the machine cannot be used for it. */
int price_session_stage(struct price_session *session, struct err *err);
int price_session_allocate(struct price_session *session, struct err *err);
/* Runs the program on all cpus and on one, and keeps their times in session->program. 0 or -errno
 * with err: it cannot be run, is instrumented, or is another program. */
int price_runs_take(struct price_session *session, struct err *err);
void price_session_fini(struct price_session *session);

#endif
