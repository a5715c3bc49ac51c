/* SPDX-License-Identifier: MIT
 * Filling a view with a finding. */
#include "analysis/finding/finding_view.h"

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

void finding_view_fill(struct sharing *s, const struct price *price, struct finding_view *out)
{
    *out = (struct finding_view){.kind = s->kind,
        .latent = s->latent,
        .pid = s->recording->header.pid,
        .program = s->recording->header.argv,
        .object = s->objects ? s->object : NULL,
        .others = {&s->object[1], s->objects ? s->objects - 1 : 0},
        .cache_lines = s->cache_lines,
        .accesses = s->accesses,
        .fields = {s->field, s->fields},
        .sites = {s->site, s->sites},
        .threads = {s->thread, s->threads},
        .share = s->share,
        .handovers = {s->handovers_false, s->handovers_true, s->per_second, s->possible},
        .suggestion = s->suggestion,
        .picture = {s->worst, s->line_bytes, {s->row, s->rows}, {s->part, s->parts}}};
    finding_view_price(price, &out->price);
    out->price.happens |= latent_happens_here(s->latent);
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

const struct sharing_object *finding_view_object(const struct finding_view *finding, uint64_t index)
{
    return index == 0                       ? finding->object
           : index <= finding->others.count ? &finding->others.at[index - 1]
                                            : NULL;
}
