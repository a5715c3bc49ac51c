/* SPDX-License-Identifier: MIT
 * What each thread touched of a candidate. */
#ifndef ANALYSIS_SHARING_SHARING_TOUCHED_H
#define ANALYSIS_SHARING_SHARING_TOUCHED_H

#include "analysis/sharing/sharing_candidate.h"

/* No line can have had more hand-overs in the time that was seen. */
uint64_t handovers_most(const struct recording *recording);
/* How many hand-overs of the line there were for each that was counted, and a count times that. */
double rests_factor(const struct recording *recording, const struct line_stat *line);
uint64_t rests_scale(uint64_t count, double factor);

/* Fills touched, touches and what is in each, of a candidate whose lines are set; freed by
 * candidates_fini. 0 or -ENOMEM. */
int touched_find(const struct recording *recording, struct candidate *candidate);

#endif
