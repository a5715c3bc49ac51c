/* SPDX-License-Identifier: MIT
 * The wording of verdicts, for analysis/verdict/verdict.c. Decides nothing. */
#ifndef ANALYSIS_VERDICT_VERDICT_TEXT_H
#define ANALYSIS_VERDICT_VERDICT_TEXT_H

#include "analysis/verdict/verdict.h"

/* One group's estimates without the reference, ascending by alignment; at least one. */
struct ladder {
    const struct estimate *estimate;
    size_t count;
    bool reference; /* the isolated reference was measured too */
};

/* What is left of a caller's buffer; a word that no longer fits whole is left out, with all after
 * it. */
struct text {
    char *at;
    size_t left;
};

void text_sharing(const struct ladder *ladder, struct text *text);
void text_padding(const struct ladder *ladder, struct text *text);
void text_same(const struct estimate *estimate, struct text *text);
void text_open(const struct estimate *estimate, struct text *text);
void text_none(const struct ladder *ladder, struct text *text);
/* Where counters and timing disagree; nothing where they agree or nothing was counted. */
void text_counters(const struct ladder *ladder, enum verdict_kind kind, struct text *text);
void text_twin(const struct estimate *estimate, enum verdict_kind kind, struct text *text);

#endif
