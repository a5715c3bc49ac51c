/* SPDX-License-Identifier: MIT
 * The words that the text report and the HTML page share. Not escaped. */
#ifndef ANALYSIS_FINDING_FINDING_TEXT_H
#define ANALYSIS_FINDING_FINDING_TEXT_H

#include "analysis/finding/finding_view.h"

enum { FINDING_FRAMES = 6, FINDING_TEXT = 1024 };

/* Each fills FINDING_TEXT bytes and returns them; what does not fit is cut. */
/* "global stats (struct stats[2]), hits.c:8", "heap block (Ring) of 64 bytes"; NULL: "unknown
 * memory". */
const char *object_text(const struct sharing_object *object, char *out);
/* The same, and where it was allocated: "..., made in flags_new flags.c:31". */
const char *made_text(const struct sharing_object *object, char *out);
/* "latent false sharing: global stats (struct stats[2]), hits.c:8" */
const char *title_text(const struct finding_view *finding, char *out);
/* "100% of all accesses; 1 line; hand-overs: 12.6 k false (658 k a second), 0 true" */
const char *amount_text(const struct finding_view *finding, char *out);
/* "12.6 k false (658 k a second), 0 true"; of a latent finding "12.6 k", those that may happen. */
const char *handovers_text(const struct finding_view *finding, char *out);
/* "work args.c:23"; "app+0x1234" where nothing is known. */
const char *frame_text(const struct dwarf_frame *frame, char *out);
/* "0.13 s, 3 threads, 6.54 M accesses seen, 14% of the time" */
const char *coverage_text(const struct view_process *process, char *out);
/* Where nothing was found: what that means. A sentence without its full stop. */
const char *nothing_text(const struct detect_view *view, char *out);
/* "exit", "signal 11", "exec", ... */
const char *ended_text(const struct view_end *end, char *out);
/* "an access takes 2.7 ns, and 1.1 ns on separate lines"; "" when it is not known. */
const char *access_time_text(const struct price *price, char *out);
/* Of a watched program: "thread B did 2.10 times as much (1.90 to 2.30) while the others were held
 * off"; "" when that was not tried. */
const char *relief_text(const struct finding_view *finding, char *out);

/* "object:stats": the line of a suppressions file that leaves this finding out; "" where nothing of
 * it has a name. */
const char *suppression_text(const struct finding_view *finding, char *out);
/* "12%", "<1%"; needs CELL_TEXT bytes. */
const char *share_text(double share, char *out);

/* Its name, type or kind, the first that is known. */
const char *object_name(const struct sharing_object *object);
/* How many calls of the object's allocation are worth showing: up to main(). */
size_t object_calls(const struct sharing_object *object);
const char *access_text(const struct sharing_site *site); /* "read, write", "atomic", "lock call" */
/* Do they look the same to a reader: the same access at the same place? */
bool site_is_like(const struct sharing_site *a, const struct sharing_site *b);

/* Sites of one thread that look the same: several instructions of a line, or fields of it. */
struct site_row {
    const struct sharing_site *site; /* the first of them */
    uint64_t count;                  /* of all of them */
};
/* The most first, into as many rows as there are sites. Returns how many there are. */
size_t site_rows(const struct finding_view *finding, struct site_row *row);
/* Of what the thread did on these lines, 0 to 1: sites are counted only while threads have the line
 * in turn, so that counts only compare within one thread. */
double site_share(const struct finding_view *finding, size_t thread, uint64_t count);

#endif
