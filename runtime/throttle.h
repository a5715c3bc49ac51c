/* SPDX-License-Identifier: MIT
 * Throttled lines: of lines that threads contend for, most accesses are only counted. */
#ifndef RUNTIME_THROTTLE_H
#define RUNTIME_THROTTLE_H

#include "runtime/footprint.h"

/* An access to a line whose entry has TAG_THROTTLED and this line_stat. Returns true when it is
 * counted, and that was all there is to do. */
HIDDEN bool throttle_counts(uint32_t index, const struct access *a);

HIDDEN bool throttle_is_on(const struct line_stat *line);

/* Counts the access in the calling thread's footprint, for all that were skipped since the last one
 * that was counted. Returns how many these are. */
HIDDEN uint32_t throttle_add(struct footprint *t, const struct access *a, uint64_t mask);

/* After a hand-over: throttles the line when it is time. The caller has the line's lock. */
HIDDEN void throttle_begin(struct line_stat *line);

/* Before an access that is more than one of many: ends the throttling if the thread's footprint is
 * of an earlier phase. The caller has the line's lock. */
HIDDEN void throttle_end(struct line_stat *line, const struct footprint *t);

#endif
