/* SPDX-License-Identifier: MIT
 * The pattern of findings: their recorded counts as accesses to replay, with the places they have
 * now, the places that a fix would give them, and places that share nothing. Does not run it: that
 * is probes/replay/replay.h.
 */
#ifndef ANALYSIS_PRICE_PATTERN_H
#define ANALYSIS_PRICE_PATTERN_H

#include "analysis/sharing/sharing.h"
#include "base/pattern.h"

/* Lines of a finding that are replayed, those with the most accesses: more of the same add nothing,
 * and would not fit the caches in which the program's lines lie. */
enum { PATTERN_LINES = 16 };

/* A finding, and the address in its process that would be the start of a line, two of them with
 * their pair, for its lines to lie as in the program that is priced; 0: they lie as they did. */
struct pattern_item {
    const struct sharing *sharing;
    uint64_t origin;
};
/* Of one that is latent at another start: would it happen with a line that starts at `origin`? */
bool pattern_happens(const struct sharing *sharing, uint64_t origin);

/* Fills *out with what the threads do on all lines of up to PATTERN_ITEMS findings of one
 * recording, `item` being the number of each; ended by pattern_fini. Together, since what a line
 * costs depends on the others: an atomic on one waits for the stores on another. *why is the
 * reason why it cannot be replayed; NULL when it can. 0 or -ENOMEM. */
int pattern_build(
    const struct pattern_item *item, size_t items, struct pattern *out, const char **why);
/* The same for one finding that is latent at another start, as its object would lie there. */
int pattern_build_moved(const struct sharing *sharing, struct pattern *out, const char **why);
void pattern_fini(struct pattern *pattern); /* safe on a zeroed one */

/* Gives each access its other places. Padded, bytes that the same threads use in the same way, and
 * bytes of one access, stay together; each such group has separate lines, PATTERN_APART from the
 * next. Alone, each thread has a copy. Of the accesses at[PATTERN_SHARED] and the pattern's
 * bytes[PATTERN_SHARED] are given. 0 or -ENOMEM. */
int pattern_pad(struct pattern *pattern);

/* Where the items with a bit in `padded` are padded and the others as they lie: do two threads
 * still use a line, and at least one of them write it? */
bool pattern_is_shared(const struct pattern *pattern, uint32_t padded);

#endif
