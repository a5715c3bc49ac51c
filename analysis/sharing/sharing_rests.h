/* SPDX-License-Identifier: MIT
 * Hand-overs of the time in which a contended line rested: the runtime counts only its accesses
 * then. */
#ifndef ANALYSIS_SHARING_SHARING_RESTS_H
#define ANALYSIS_SHARING_SHARING_RESTS_H

#include "base/record_read.h"

/* All hand-overs of a line for each that was counted: 1 where it never rested, or where there is
 * nothing to infer from. */
double rests_factor(const struct recording *recording, const struct line_stat *line);
/* At most RECORD_COUNT_MAX, so that it can be summed. */
uint64_t rests_scale(uint64_t count, double factor);

#endif
