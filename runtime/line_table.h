/* SPDX-License-Identifier: MIT
 * The records of lines, and the footprints of threads on them: room for both, their bursts and
 * phases, their end. What an access does to a record is in line.h.
 *
 * A line's footprints are a list, of which the caller needs the line's lock, unless it says
 * otherwise. */
#ifndef RUNTIME_LINE_TABLE_H
#define RUNTIME_LINE_TABLE_H

#include "runtime/footprint.h"
#include "runtime/shadow.h"

/* footprint.valid: the thread's copy of the line, as its cache would have it. */
enum { COPY_NONE, COPY_SHARED, COPY_OWNED };

/* The thread's footprint on the line; NULL. */
static inline struct footprint *footprint_of_slot(const struct line_stat *line, uint32_t slot)
{
    struct footprint *t = footprint_at(line->touch);
    while (t && t->slot != slot)
        t = footprint_at(t->next);
    return t;
}

/* A fresh footprint of that thread, on no line yet: its index + 1; 0 when there is no room. */
HIDDEN uint32_t line_add_footprint(uint32_t slot);

/* What the caches have after a pause is not known: the next access is not a hand-over. */
HIDDEN void line_begin_burst(struct line_stat *line);

/* Ends the line's phase if the calling thread's footprint comes after all others: counts of a phase
 * in which the line was not shared are taken back. */
HIDDEN void line_begin_phase(struct line_stat *line, const struct footprint *mine);

/* Makes a record for the line of `address`, whose entry is locked and had this tag, and moves there
 * what the entry counted. `flags`: of enum record_line_flag. Returns its index; -1 without room. */
HIDDEN int line_promote(struct shadow *s, uintptr_t address, uint32_t tag, unsigned flags);

/* Is there room for another record? `make`: if necessary by giving up one of a line that is hardly
 * shared. */
HIDDEN bool line_room(bool make);

/* An object was made: adds it to the records of the lines at its two ends, where they have one. */
HIDDEN void line_note_object(uintptr_t start, size_t size);

/* An object on the line was freed, and the line's entry has forgotten the record: it is complete,
 * and given back if too little happened on the line. */
HIDDEN void line_close(uint32_t index);

/* At the program's end: ends the phases of all lines. */
HIDDEN void line_finish_all(void);

#endif
