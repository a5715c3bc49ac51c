/* SPDX-License-Identifier: MIT
 * What a session, or several of the same programs, show: estimates and verdicts. */
#ifndef ANALYSIS_AB_AB_RESULT_H
#define ANALYSIS_AB_AB_RESULT_H

#include "analysis/ab/ab_csv.h"
#include "analysis/ab/ab_join.h"
#include "analysis/ab/ab_verdict.h"

struct ab_result {
    const struct ab_session *session; /* all of the same programs; borrowed */
    size_t sessions;
    struct ab_summary *each;   /* of each session; owned */
    struct ab_summary summary; /* of the only one, or of all joined */
    struct ab_rule rule;
    struct ab_verdicts verdicts;
};

/* 0 or -ENOMEM, after which it needs no fini. */
int ab_result_init(struct ab_result *result, const struct ab_session *session, size_t sessions,
    const struct ab_rule *rule);
void ab_result_fini(struct ab_result *result); /* zeros are safe */

/* The verdict of a program, as ab_verdict_text. */
void ab_result_verdict(const struct ab_result *result, unsigned slot, char out[AB_VERDICT_TEXT]);

/* Puts sessions of the same programs next to each other; else they keep their order. */
void ab_sessions_group(struct ab_sessions *sessions);
/* How many from `from` on are of the same programs; 0 at the end. */
size_t ab_sessions_alike(const struct ab_sessions *sessions, size_t from);

#endif
