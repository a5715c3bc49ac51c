/* SPDX-License-Identifier: MIT
 * Block after block until the ratios are precise, or a limit is reached. Prints nothing but
 * progress. */
#ifndef CLI_AB_AB_MEASURE_H
#define CLI_AB_AB_MEASURE_H

#include "cli/ab/ab_args.h"
#include "cli/widest.h"
#include "probes/ab/ab_block.h"

struct ab_measuring {
    /* Set by the command: */
    const struct ab_args *args;
    const struct ab_rule *rule;
    struct ab_series *series;
    struct ab_session *session;
    /* The results: */
    uint64_t began_ns;
    size_t blocks;  /* undisturbed ones */
    size_t counted; /* at the last look, without those of another regime */
    bool precise;
    const char *limit; /* else what ended it; NULL after an error or a signal */
};

/* 0 or -errno with err, as of ab_block; what was measured before stays in either case. */
int ab_measure(struct ab_measuring *m, struct err *err);
/* The ratio with the widest interval. */
struct widest ab_widest(const struct ab_verdicts *verdicts);

#endif
