/* SPDX-License-Identifier: MIT
 * What the ratios of a session, or of several, mean, in a sentence. */
#ifndef ANALYSIS_AB_AB_VERDICT_H
#define ANALYSIS_AB_AB_VERDICT_H

#include "analysis/ab/ab_summary.h"
#include "analysis/verdict/verdict.h"

/* Differences below this share are not reported: where code and data lie alone makes as much
 * (Mytkowicz et al., ASPLOS 2009), and `ab` cannot vary where code lies. */
#define AB_RESOLVABLE 0.005

struct ab_rule {
    enum ab_measure judged;
    double precision, gate; /* gate 0: there is none */
};

/* The ratios of the judged measure; from one session or joined. */
struct ab_verdicts {
    unsigned programs;
    struct interval ratio[AB_SLOTS];
    enum verdict_kind kind[AB_SLOTS]; /* of the control, too */
    bool cannot_tell;                 /* the control differs from itself */
    bool gate_failed, gate_unknown;
};

/* SLOWER or FASTER where the whole interval is beyond AB_RESOLVABLE; SAME where it is not, and is
 * within the precision; else OPEN. */
enum verdict_kind ab_kind(struct interval ratio, double precision);

void ab_judge(
    const struct ab_summary *summary, const struct ab_rule *rule, struct ab_verdicts *out);
bool ab_precise(const struct ab_verdicts *verdicts, double precision);

enum { AB_VERDICT_TEXT = 200 };
/* "b is slower than a: 1.021× (1.017–1.026)". `unit`: what n counts, "blocks" or "sessions", of
 * which `least` are needed. */
void ab_verdict_text(const struct ab_verdicts *verdicts, enum ab_measure judged, unsigned slot,
    const char *unit, size_t least, char out[AB_VERDICT_TEXT]);

/* "1.021×" and "1.017–1.026": a digit more than elsewhere, since differences are small. "" for
 * NaN. Each needs CELL_TEXT bytes. */
const char *ab_ratio_text(struct interval ratio, char *out);
const char *ab_range_text(struct interval ratio, char *out);

#endif
