/* SPDX-License-Identifier: MIT
 * Filling a view with a finding. */
#include "analysis/finding/finding_view.h"

#include "analysis/sharing/sharing_frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct view_chunk {
    struct view_chunk *next;
    _Alignas(max_align_t) char data[];
};

void *view_pool_new(struct view_pool *pool, size_t count, size_t bytes)
{
    if (count == 0)
        return NULL;
    struct view_chunk *const chunk = calloc(1, sizeof *chunk + count * bytes);
    if (!chunk) {
        pool->failed = true;
        return NULL;
    }
    chunk->next = pool->chunk;
    pool->chunk = chunk;
    return chunk->data;
}

const char *view_pool_text(struct view_pool *pool, const char *text)
{
    const size_t bytes = strlen(text) + 1;
    char *const copy = view_pool_new(pool, bytes, 1);
    return copy ? memcpy(copy, text, bytes) : NULL;
}

void view_pool_fini(struct view_pool *pool)
{
    for (struct view_chunk *next; pool->chunk; pool->chunk = next) {
        next = pool->chunk->next;
        free(pool->chunk);
    }
}

static void fill_object(struct view_pool *pool, struct dwarf *dwarf, const struct sharing_object *o,
    struct view_object *out)
{
    struct view_place *const declared = view_pool_new(pool, o->file != NULL, sizeof *declared);
    *out = (struct view_object){.kind = o->kind,
        .name = o->name,
        .type = o->type_name,
        .array = o->array,
        .start = o->start,
        .size = o->size,
        .declared = declared,
        .count = o->count};
    if (declared)
        *declared = (struct view_place){o->file, o->line};
    VIEW_LIST(pool, &out->allocated, o->frames);
    for (size_t i = 0; i < out->allocated.count; i++)
        out->allocated.at[i] = sharing_frame(dwarf, o->stack[i] - 1);
}

static void fill_objects(struct view_pool *pool, const struct sharing *s, struct finding_view *out)
{
    if (s->objects == 0)
        return;
    out->object = view_pool_new(pool, 1, sizeof *out->object);
    if (out->object)
        fill_object(pool, s->dwarf, &s->object[0], out->object);
    VIEW_LIST(pool, &out->beside, s->objects - 1);
    for (size_t i = 0; i < out->beside.count; i++)
        fill_object(pool, s->dwarf, &s->object[i + 1], &out->beside.at[i]);
}

static struct view_field field_of(const struct sharing_field *f, uint64_t origin)
{
    return (struct view_field){.name = f->name,
        .known = f->known,
        .object = f->object,
        .first = (int64_t)(f->instance + f->first - origin),
        .size = f->size,
        .readers = f->readers,
        .writers = f->writers};
}

static void fill_sites(struct view_pool *pool, const struct sharing *s, struct finding_view *out)
{
    VIEW_LIST(pool, &out->sites, s->sites);
    for (size_t i = 0; i < out->sites.count; i++) {
        const struct sharing_site *const from = &s->site[i];
        out->sites.at[i] = (struct view_site){.frame = sharing_frame(s->dwarf, from->pc),
            .reason = dwarf_reason(s->dwarf, from->pc),
            .read = from->kind & RECORD_READ,
            .write = from->kind & RECORD_WRITE,
            .atomic = from->kind & RECORD_ATOMIC,
            .lock = from->kind & RECORD_SYNC,
            .thread = from->thread,
            .count = from->count,
            .object = from->object,
            .first = from->first,
            .size = from->size};
    }
}

static void fill_threads(struct view_pool *pool, const struct sharing *s, struct finding_view *out)
{
    VIEW_LIST(pool, &out->threads, s->threads);
    for (size_t i = 0; i < out->threads.count; i++) {
        const struct sharing_thread *const from = &s->thread[i];
        const struct record_thread *const r = &s->recording->thread[from->slot];
        struct dwarf_frame *const started = view_pool_new(pool, r->frames > 0, sizeof *started);
        if (started)
            *started = sharing_frame(s->dwarf, r->created_at[0] - 1);
        out->threads.at[i] = (struct view_thread){.index = i,
            .tid = r->tid,
            .name = r->name,
            .started = started,
            .reads = from->reads,
            .writes = from->writes};
    }
}

static char byte_of(const struct sharing_row *row, unsigned byte)
{
    const bool read = row->read[byte / 64] >> byte % 64 & 1;
    const bool written = row->written[byte / 64] >> byte % 64 & 1;
    return read && written ? 'B' : written ? 'W' : read ? 'R' : '.';
}

static void fill_picture(struct view_pool *pool, const struct sharing *s, struct view_picture *out)
{
    out->address = s->worst;
    out->bytes = s->line_bytes;
    VIEW_LIST(pool, &out->threads, s->rows);
    for (size_t i = 0; i < out->threads.count; i++) {
        out->threads.at[i].thread = s->row[i].thread;
        for (unsigned b = 0; b < s->line_bytes; b++)
            out->threads.at[i].bytes[b] = byte_of(&s->row[i], b);
    }
    VIEW_LIST(pool, &out->fields, s->parts);
    for (size_t i = 0; i < out->fields.count; i++)
        out->fields.at[i] = field_of(&s->part[i], s->worst);
}

void finding_view_price(const struct price *price, struct price *out)
{
    static const struct interval none = {NAN, NAN, NAN, 0};
    *out = *price;
    if (price->known)
        out->why = (struct err){0};
    else
        out->shared_ns = out->padded_ns = out->speedup = none;
    out->fit = price->known ? price->fit : (double)NAN;
}

void finding_view_fill(struct view_pool *pool, const struct sharing *s, const struct price *price,
    struct finding_view *out)
{
    *out = (struct finding_view){.kind = s->kind,
        .latent = s->latent,
        .pid = s->recording->header.pid,
        .program = s->recording->header.argv,
        .cache_lines = s->cache_lines,
        .accesses = s->accesses,
        .share = s->share,
        .handovers = {s->handovers_false, s->handovers_true, s->per_second, s->possible},
        .suggestion = {s->suggestion.what, s->suggestion.bytes, s->suggestion.text}};
    fill_objects(pool, s, out);
    VIEW_LIST(pool, &out->fields, s->fields);
    for (size_t i = 0; i < out->fields.count; i++)
        out->fields.at[i] = field_of(&s->field[i], 0);
    fill_sites(pool, s, out);
    fill_threads(pool, s, out);
    finding_view_price(price, &out->price);
    fill_picture(pool, s, &out->picture);
}

void detect_view_fini(struct detect_view *view)
{
    view_pool_fini(&view->pool);
    *view = (struct detect_view){0};
}

bool finding_view_is_false(const struct finding_view *finding)
{
    return finding->kind != SHARING_TRUE;
}

size_t detect_view_count(const struct detect_view *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->findings.count; i++)
        count += finding_view_is_false(&view->findings.at[i]);
    return count;
}

const struct view_words *detect_view_command(const struct detect_view *view)
{
    return view->command.count || view->processes.count == 0 ? &view->command
                                                             : &view->processes.at[0].command;
}

const struct view_object *finding_view_object(const struct finding_view *finding, uint64_t index)
{
    return index == 0                       ? finding->object
           : index <= finding->beside.count ? &finding->beside.at[index - 1]
                                            : NULL;
}
