/* SPDX-License-Identifier: MIT
 * What pricing works with: a pattern and a replay of each finding, the machine's cpus, and what the
 * blocks measured so far. */
#ifndef CLI_DETECT_PRICE_SESSION_H
#define CLI_DETECT_PRICE_SESSION_H

#include "analysis/price/pattern.h"
#include "cli/detect/detect.h"
#include "machine/topology.h"
#include "probes/replay/replay.h"
#include "probes/trial/block.h"

enum {
    PRICE_FINDINGS = 8,  /* that are priced, the worst: each takes its part of every block */
    PRICE_BLOCKS = 1000, /* a bound on memory */
};

struct price_subject {
    struct pattern pattern;
    struct replay *replay; /* NULL: not priced */
    struct price *price;
    /* By pattern thread, in the memory of the first. */
    double *target_ns, *shared_ns, *padded_ns, *one_ns;
    struct price_block *block;
};

struct price_session {
    const struct detect_session *with;
    const struct recording *recording;
    struct machine *machine;
    struct topology topology;
    struct stage *stage;
    struct price_subject subject[PRICE_FINDINGS];
    size_t subjects;
    struct price_block *all;
    int *regime; /* by block */
    size_t blocks;
    struct price_program program;
    double *saved_ns, *saved_all_ns; /* by thread of the recording; in program.cpu_ns's memory */
    char **argv;
    size_t records; /* in the folder before the first baseline run */
    uint64_t began_ns;
};

/* Which findings can be priced, the others get their reason; 0 or -errno with err. Without any
 * subject there is nothing more to do. */
int price_session_choose(struct price_session *session, struct detect_prices *out, struct err *err);
/* The cpus, and a replay of each subject; fails when the machine cannot be used for it. */
int price_session_stage(struct price_session *session, struct err *err);
int price_session_allocate(struct price_session *session, struct err *err);
void price_session_fini(struct price_session *session);

#endif
