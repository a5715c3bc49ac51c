/* SPDX-License-Identifier: MIT
 * Waits for locks as text: the longest first. */
#include "cli/watch/watch_locks.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/cmd.h"

#include <inttypes.h>

static void print_process(
    const struct lock_view *view, const struct lock_view_process *p, FILE *out)
{
    char line[FINDING_TEXT], waits[CELL_TEXT];
    snprintf(line, sizeof line, "%" PRIu64 " %s%s%s: in %.1f s threads waited %.3f s for locks",
        p->pid, p->program, *p->go ? ", built by " : "", p->go, view->seconds, p->seconds);
    if (p->waits >= 0)
        text_append(line, sizeof line, ", %s times", count_text(p->waits, waits));
    cmd_warn(out, "%s; for other things %.3f s.", line, p->other_seconds);
}

static void print_frame(const struct lock_view_frame *f, FILE *out)
{
    if (f->file)
        cmd_warn(out, "            %s  %s:%u", f->function ? f->function : "?", f->file, f->line);
    else
        cmd_warn(out, "            %s", f->function ? f->function : "?");
}

static void print_wait(const struct lock_view_wait *w, FILE *out)
{
    enum { FRAMES_SHOWN = 4 };
    char line[FINDING_TEXT], cell[CELL_TEXT];
    snprintf(line, sizeof line, "%9.3f s  %s", w->seconds, w->lock);
    if (w->name)
        text_append(line, sizeof line, " of %s", w->name);
    else if (w->address)
        text_append(line, sizeof line, " at %#" PRIx64, w->address);
    if (w->counted)
        text_append(line, sizeof line, ", %s times", count_text(w->waits, cell));
    if (w->counted && w->waits > 0)
        text_append(
            line, sizeof line, ", %s us each", number_text(w->seconds / w->waits * 1e6, cell));
    cmd_warn(out, "%s", line);
    for (size_t i = 0; i < w->frames && i < FRAMES_SHOWN; i++)
        print_frame(&w->frame[i], out);
}

static const struct {
    enum lock_part part;
    const char *title;
} chapters[] = {
    {LOCK_TAKEN, "Who waited for a lock:"},
    {LOCK_RELEASED, "Who had it, and released it at last:"},
    {LOCK_OTHER, "Who waited for something else:"},
    {LOCK_NOTHING, "Who waited in a futex of an unknown kind:"},
};

static void print_chapter(const struct lock_view *view, size_t chapter, FILE *out)
{
    enum { SHOWN = 10 };
    size_t count = 0;
    for (size_t i = 0; i < view->waits; i++) {
        if (view->wait[i].part != chapters[chapter].part || ++count > SHOWN)
            continue;
        if (count == 1)
            putc('\n', out);
        if (count == 1)
            cmd_warn(out, "%s", chapters[chapter].title);
        print_wait(&view->wait[i], out);
    }
    if (count > SHOWN)
        cmd_warn(out, "and %zu more places; --json has all", count - SHOWN);
}

void watch_print_locks(const struct watch_session *s, const struct lock_view *view, FILE *out)
{
    bool sampled = false;
    for (size_t i = 0; i < view->processes; i++) {
        print_process(view, &view->process[i], out);
        sampled |= !*view->process[i].go;
    }
    for (size_t i = 0; i < sizeof chapters / sizeof *chapters; i++)
        print_chapter(view, i, out);
    if (sampled && view->waits)
        putc('\n', out);
    if (sampled)
        cmd_warn(out,
            "Threads were looked at a hundred times a second: times are estimates, and waits are "
            "not counted.");
    if (s->watched.ran_ns == 0 && view->waits == 0)
        cmd_warn(out, "No thread ran, and none was seen waiting.");
}
