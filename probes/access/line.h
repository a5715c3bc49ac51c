/* SPDX-License-Identifier: MIT
 * Between line.c, which knows the protocol, and line_table.c, which keeps the records. */
#ifndef PROBES_ACCESS_LINE_H
#define PROBES_ACCESS_LINE_H

#include "probes/access/access.h"

HIDDEN uint32_t line_new_touch(uint32_t slot); /* index + 1; 0 when there is none left */
HIDDEN void line_site(struct record_touch *t, const struct access *a);
/* `count` accesses after the last call: how long did they take? */
HIDDEN void line_gap(struct record_touch *t, unsigned count);
/* What the caches hold after a pause is not known: nothing is handed over by the next access. */
HIDDEN void line_new_burst(struct record_line *line);
/* `t` comes after all others: counts of a phase in which the line was not shared are taken back. */
HIDDEN void line_phase(struct record_line *line, const struct record_touch *t);
/* The calling thread's touch of the line; found again without the lock. NULL when forgotten. */
HIDDEN struct record_touch *line_recall(const struct record_line *line);
HIDDEN void line_remember(const struct record_line *line, struct record_touch *t);
/* The touch of the owner with this tag gets what the shadow knows of it. */
HIDDEN void line_seed(uint32_t index, const struct shadow *s, uint32_t tag);

#endif
