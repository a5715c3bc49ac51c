/* SPDX-License-Identifier: MIT
 * Between line.c, which knows the protocol, rest.c, and line_table.c, which keeps the records. */
#ifndef RUNTIME_LINE_H
#define RUNTIME_LINE_H

#include "runtime/access.h"

HIDDEN uint32_t line_new_touch(uint32_t slot); /* index + 1; 0 when there is none left */
/* What the caches hold after a pause is not known: nothing is handed over by the next access. */
HIDDEN void line_new_burst(struct line_stat *line);
/* `t` comes after all others: counts of a phase in which the line was not shared are taken back. */
HIDDEN void line_phase(struct line_stat *line, const struct footprint *t);
/* For footprint_recall, count.h. */
HIDDEN void line_remember(const struct line_stat *line, struct footprint *t);
/* The touch of the owner with this tag gets what the shadow knows of it. */
HIDDEN void line_seed(uint32_t index, const struct shadow *s, uint32_t tag);

/* rest.c. The line's lock is held by the caller of the last two. */
/* The line with this number, of which the shadow says that it has a record, rests, and that was all
 * there is to do. */
HIDDEN bool throttle_counts(uint32_t index, const struct access *a);
HIDDEN void throttle_begin(struct line_stat *line); /* after a hand-over, when it is time */
HIDDEN void throttle_end(struct line_stat *line, const struct footprint *t); /* for a new phase */

#endif
