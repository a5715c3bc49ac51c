/* SPDX-License-Identifier: MIT
 * The names of places in a finding: looked up only for findings that are reported. */
#include "analysis/sharing/finding_resolve.h"

#include "analysis/sharing/sharing_call.h"
#include "analysis/sharing/sharing_frame.h"

#include <string.h>

static void resolve_object(struct sharing *s, size_t index)
{
    const struct sharing_context context = {s->recording, s->dwarf};
    struct sharing_object *const o = &s->object[index];
    struct sharing_calls calls;
    o->declared = o->place.file ? &o->place : NULL;
    o->allocated.at = s->allocated[index];
    sharing_calls_find(&context, o, &calls);
    for (size_t i = calls.maker; i < calls.count && o->allocated.count < RECORD_FRAMES; i++)
        if (!calls.at[i].library || i == calls.maker)
            o->allocated.at[o->allocated.count++] = calls.at[i].frame;
}

static void resolve_thread(const struct sharing *s, struct sharing_thread *t)
{
    const struct record_thread *const from = &s->recording->thread[t->slot];
    t->index = (size_t)(t - s->thread);
    t->tid = from->tid;
    t->name = from->name;
    t->coroutine = from->coroutine;
    const char *const runs = from->coroutine ? dwarf_go_function(s->dwarf, from->entry) : NULL;
    t->name = runs ? runs : t->name;
    if (runs && strcmp(runs, "runtime.main") == 0) {
        t->name = "main.main"; /* which that calls; nobody has started it */
        return;
    }
    /* std::thread's constructor is not where a reader looks. */
    for (uint32_t i = 0; i < from->frames; i++) {
        const struct dwarf_frame frame = sharing_frame(s->dwarf, from->created_at[i] - 1);
        const bool library = sharing_frame_is_library(&frame);
        if (i == 0 || !library)
            t->starter = frame;
        t->started = &t->starter;
        if (!library)
            return;
    }
}

/* Go's compiler states where an access begins, not how many bytes it has: those of the field. */
static void widen_rows(struct sharing *s)
{
    for (size_t i = 0; i < s->parts; i++) {
        const struct sharing_field *const part = &s->part[i];
        const struct dwarf_type *const type = s->object[part->object].type;
        if (!part->known || !type || dwarf_type_language(type) != DWARF_GO || part->place < 0)
            continue;
        for (size_t r = 0; r < s->rows; r++)
            for (uint64_t b = 1; b < part->size && (uint64_t)part->place + b < s->line_bytes; b++)
                if (s->row[r].bytes[(uint64_t)part->place + b] == '.')
                    s->row[r].bytes[(uint64_t)part->place + b] = s->row[r].bytes[part->place];
    }
}

void finding_resolve(struct sharing *s)
{
    for (size_t i = 0; i < s->objects; i++)
        resolve_object(s, i);
    for (size_t i = 0; i < s->threads; i++)
        resolve_thread(s, &s->thread[i]);
    for (size_t i = 0; i < s->sites; i++) {
        s->site[i].frame = sharing_frame(s->dwarf, s->site[i].pc);
        s->site[i].reason = dwarf_reason(s->dwarf, s->site[i].pc);
    }
    for (size_t i = 0; i < s->parts; i++)
        s->part[i].place = (int64_t)(s->part[i].instance + s->part[i].first - s->worst);
    widen_rows(s);
}
