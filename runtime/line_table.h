/* SPDX-License-Identifier: MIT
 * The line_stats, and the footprints of threads on their lines: room for both, their bursts and
 * phases, their end. What an access does to a line_stat is in line.h.
 *
 * The caller has the line's lock, which protects the list of its footprints, except where a comment
 * states otherwise. */
#ifndef RUNTIME_LINE_TABLE_H
#define RUNTIME_LINE_TABLE_H

#include "runtime/footprint.h"
#include "runtime/shadow.h"

/* footprint.valid: the thread's copy of the line, as its cache would have it. */
enum { COPY_NONE, COPY_SHARED, COPY_OWNED };

/* The footprint of the thread with this slot; NULL. */
static inline struct footprint *footprint_of_slot(const struct line_stat *line, uint32_t slot)
{
    struct footprint *t = footprint_at(line->touch);
    while (t && t->slot != slot)
        t = footprint_at(t->next);
    return t;
}

/* The hand-over that the thread received last has become true. */
static inline void line_make_true(struct line_stat *line, struct footprint *t)
{
    t->false_in--;
    t->true_in++;
    line->false_handovers--;
    line->true_handovers++;
    t->lost_read = t->lost_written = 0;
}

/* A fresh footprint of the thread with this tag, on no line yet: its index + 1; 0 when there is no
 * room. */
HIDDEN uint32_t line_add_footprint(uint32_t tag);

/* What the caches have after a pause is not known: the next access is not a hand-over. */
HIDDEN void line_begin_burst(struct line_stat *line);

/* Ends the line's phase if the calling thread's footprint comes after all others: counts of a phase
 * in which the line was not shared are taken back. */
HIDDEN void line_begin_phase(struct line_stat *line, const struct footprint *mine);

/* The line is shared, and not only next to one that another thread uses: what was counted in
 * earlier phases, in which it was not, is taken back. */
HIDDEN void line_stop_neighbour(struct line_stat *line);

/* Makes a line_stat for the line of `address`, whose entry is locked and had this tag, copies what
 * the entry counted, and links the entry to it. `flags`: of enum record_line_flag. Returns false
 * when there is no room. */
HIDDEN bool line_promote(struct shadow *s, uintptr_t address, uint32_t tag, unsigned flags);

/* Have so few lines had a line_stat that they would not fill half of the tables? Then little is
 * enough for another one to get and to keep it. No lock. */
HIDDEN bool line_table_is_roomy(void);

/* Is there room for another line_stat? `make`: if necessary, that of a line which is hardly shared
 * is given up. No lock. */
HIDDEN bool line_room(bool make);

/* An object was made: adds it to the line_stats of the lines at its two ends, where they have one.
 * No lock. */
HIDDEN void line_note_object(uintptr_t start, size_t size);

/* An object on the line was freed, and the line's entry is not linked to the line_stat any more: it
 * is complete, or given back if too little happened on the line. No lock. */
HIDDEN void line_close(uint32_t index);

/* At the program's end: ends the phases of all lines. No lock. */
HIDDEN void line_finish_all(void);

#endif
