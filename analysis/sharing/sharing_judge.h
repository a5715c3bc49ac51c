/* SPDX-License-Identifier: MIT
 * Whether a group of candidates is falsely shared, by what happened and by what is possible. */
#ifndef ANALYSIS_SHARING_SHARING_JUDGE_H
#define ANALYSIS_SHARING_SHARING_JUDGE_H

#include "analysis/sharing/sharing_candidate.h"

struct sum {
    size_t lines;
    uint64_t false_sharing, true_sharing, switched, possible, possible_true, accesses;
    uint64_t known_false, known_true, known_of; /* hand-overs that are evidence, of how many */
    bool separable, uniform; /* uniform: any line on which the same threads write every byte */
};

struct sum sum_of(const struct candidate *candidate, size_t count);
/* Threads took the line from each other about as often as they do where they contend for it, and
 * enough for a finding, nearly always for bytes that both use. Then what is possible by the sites,
 * of which a line has a few for each thread, is not evidence: a table whose entries threads
 * use at random, under one lock, looks as if each had its own. Where hand-overs are much rarer,
 * threads meet where they wait for each other, and what they do in between is not known by that. */
bool was_surely_true(const struct sharing_rule *rule, const struct sum *sum);
bool was_as_contended(const struct sum *sum); /* it need not be enough, nor true */
/* Sets kind, latent and possible of `out`. False: the group stays below what is reported. */
bool judge_group(const struct recording *recording, const struct sharing_rule *rule,
    const struct candidate *group, const struct sum *sum, struct sharing *out);

#endif
