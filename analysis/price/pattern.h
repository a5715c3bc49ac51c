/* SPDX-License-Identifier: MIT
 * The pattern of a finding: its recorded counts as accesses to replay, with the places they have
 * now and the places that a fix would give them. Does not run it: that is probes/replay/replay.h.
 */
#ifndef ANALYSIS_PRICE_PATTERN_H
#define ANALYSIS_PRICE_PATTERN_H

#include "analysis/sharing/sharing.h"
#include "base/pattern.h"

/* Lines of a finding that are replayed, those with the most accesses: more of the same add nothing,
 * and would not fit the caches in which the program's lines lie. */
enum { PATTERN_LINES = 16 };

/* Fills *out, ended by pattern_fini. *why is the reason why it cannot be replayed; NULL when it
 * can. 0 or -ENOMEM. */
int pattern_build(const struct sharing *sharing, struct pattern *out, const char **why);
void pattern_fini(struct pattern *pattern); /* safe on a zeroed one */

/* Gives each access its padded place: bytes that the same threads use in the same way, and bytes of
 * one access, stay together; each such group has separate lines, PATTERN_APART from the next. Of
 * the accesses at[PATTERN_SHARED] and the pattern's bytes[PATTERN_SHARED] are given.
 * 0 or -ENOMEM. */
int pattern_pad(struct pattern *pattern);

#endif
