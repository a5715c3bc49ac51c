/* SPDX-License-Identifier: MIT
 * Order and JSON. */
#include "analysis/locks/lock_view.h"

#include "base/compare.h"
#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

void lock_view_fini(struct lock_view *view)
{
    for (size_t i = 0; i < view->waits; i++)
        free(view->wait[i].frame);
    free(view->wait);
    free(view->process);
    *view = (struct lock_view){0};
}

/* Those that waited come before those that let them wait, and locks before the rest. */
static int longest_first(const void *a, const void *b)
{
    const struct lock_view_wait *const x = a, *const y = b;
    return x->part != y->part ? (int)x->part - (int)y->part
                              : compare_double(y->seconds, x->seconds);
}

void lock_view_sort(struct lock_view *view)
{
    if (view->waits > 1)
        qsort(view->wait, view->waits, sizeof *view->wait, longest_first);
}

static json_t *frames_json(const struct lock_view_wait *w)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < w->frames; i++) {
        const struct lock_view_frame *const f = &w->frame[i];
        if (json_array_append_new(
                list, json_pack("{s:o, s:o, s:o}", "function", json_text(f->function), "file",
                          json_text(f->file), "line", json_index(f->line, 0))))
            break;
    }
    return list;
}

static const char *const roles[] = {[LOCK_NOTHING] = "other",
    [LOCK_TAKEN] = "waiter",
    [LOCK_RELEASED] = "holder",
    [LOCK_OTHER] = "other"};

static json_t *wait_json(const struct lock_view *v, const struct lock_view_wait *w)
{
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "pid",
        json_count(v->process[w->process].pid), "role", roles[w->part], "lock", w->lock, "address",
        json_address(w->address), "name", json_text(w->name), "waits",
        json_number(w->counted ? w->waits : (double)NAN), "seconds", json_number(w->seconds),
        "stack", frames_json(w));
}

static json_t *process_json(const struct lock_view_process *p)
{
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "pid", json_count(p->pid), "program",
        p->program, "go", json_text(p->go), "waits", json_number(p->waits), "seconds",
        json_number(p->seconds), "other_seconds", json_number(p->other_seconds));
}

int lock_view_json(const struct lock_view *v, FILE *out)
{
    json_t *const processes = json_array(), *const waits = json_array();
    for (size_t i = 0; i < v->processes; i++)
        (void)json_array_append_new(processes, process_json(&v->process[i]));
    for (size_t i = 0; i < v->waits; i++)
        (void)json_array_append_new(waits, wait_json(v, &v->wait[i]));
    if (json_array_size(processes) != v->processes || json_array_size(waits) != v->waits) {
        json_decref(processes);
        json_decref(waits);
        return -ENOMEM;
    }
    return json_print(json_pack("{s:i, s:s, s:s, s:o, s:o, s:o}", "schema", 1, "command",
                          "watch --locks", "version", v->version, "seconds",
                          json_number(v->seconds), "processes", processes, "waits", waits),
        out);
}
