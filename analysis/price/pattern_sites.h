/* SPDX-License-Identifier: MIT
 * What a thread did on one line as accesses to replay. */
#ifndef ANALYSIS_PRICE_PATTERN_SITES_H
#define ANALYSIS_PRICE_PATTERN_SITES_H

#include "base/pattern.h"
#include "base/record_read.h"

struct pattern_line {
    const struct line_stat *line;
    uint32_t at;         /* where the line begins in PATTERN_SHARED */
    uint64_t first, end; /* addresses: what lies outside is not replayed */
    uint8_t item;
};

/* Adds what `touch` did on the line to its thread, `times` as often as was counted. A thread
 * without sites does as the others on the line do. 0 or -ENOMEM. */
int pattern_add_sites(struct pattern_thread *thread, const struct recording *recording,
    const struct pattern_line *line, const struct footprint *touch, double times);

#endif
