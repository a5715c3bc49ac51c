/* SPDX-License-Identifier: MIT
 * A finding's objects, sites and rows. Its threads and fields are finding_fields.c. */
#include "analysis/sharing/finding_build.h"

#include "analysis/sharing/finding_fields.h"
#include "base/compare.h"
#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The object at an address of the candidate, as an index of out->object; SHARING_OBJECTS: there was
 * no room for it. */
static size_t object_index(struct sharing *out, const struct sharing_object *o)
{
    for (size_t i = 0; i < out->objects; i++)
        if (out->object[i].identity == o->identity)
            return i;
    if (out->objects == SHARING_OBJECTS)
        return SHARING_OBJECTS;
    out->object[out->objects] = *o;
    return out->objects++;
}

struct starts {
    struct start {
        uint64_t identity, start;
    } * at;
    size_t count;
};

static int add_start(struct starts *s, const struct sharing_object *o)
{
    if (s->count && s->at[s->count - 1].identity == o->identity &&
        s->at[s->count - 1].start == o->start)
        return 0;
    if (GROW(s->at, s->count) != 0)
        return -ENOMEM;
    s->at[s->count++] = (struct start){o->identity, o->start};
    return 0;
}

static int by_start(const void *a, const void *b)
{
    const struct start *const x = a, *const y = b;
    const int order = compare_u64(x->identity, y->identity);
    return order ? order : compare_u64(x->start, y->start);
}

static void count_objects(struct starts *s, struct sharing *out)
{
    if (s->count)
        qsort(s->at, s->count, sizeof *s->at, by_start);
    for (size_t i = 0; i < out->objects; i++)
        out->object[i].count = 0;
    for (size_t i = 0; i < s->count; i++)
        for (size_t j = 0; j < out->objects; j++)
            if (out->object[j].identity == s->at[i].identity &&
                (i == 0 || by_start(&s->at[i], &s->at[i - 1]) != 0))
                out->object[j].count++;
}

/* Who uses an object: nobody, a slot + 1, or several. */
#define SEVERAL UINT32_MAX

static void add_users(const struct candidate *c, unsigned byte, uint32_t *user)
{
    for (size_t i = 0; i < c->touches; i++) {
        const struct touched *const t = &c->touched[i];
        if (!mask_bit(t->read, byte) && !mask_bit(t->written, byte))
            continue;
        *user = *user == 0 || *user == t->slot + 1 ? t->slot + 1 : SEVERAL;
    }
}

static int add_objects(const struct sharing_context *context, const struct candidate *c,
    struct starts *starts, uint32_t user[SHARING_OBJECTS], struct sharing *out)
{
    struct sharing_object o = {0};
    int code = 0;
    size_t index = SHARING_OBJECTS;
    for (unsigned b = 0; b < c->bytes && !code; b++) {
        if (!candidate_byte(c, b))
            continue;
        if (!sharing_object_has(&o, c->start + b)) {
            candidate_object(context, c, b, &o);
            index = object_index(out, &o);
            code = add_start(starts, &o);
        }
        if (index == SHARING_OBJECTS)
            continue;
        if (out->object[index].touched <= c->start + b - o.start)
            out->object[index].touched = c->start + b - o.start + 1;
        add_users(c, b, &user[index]);
    }
    return code;
}

/* A finding is named by its first object, which must not be what one thread has beside a shared
 * one, as on its stack; otherwise they stay as they lie. */
static void move_shared_first(struct sharing *out, const uint32_t user[SHARING_OBJECTS])
{
    struct sharing_object object[SHARING_OBJECTS] = {{0}};
    size_t count = 0;
    for (int shared = 1; shared >= 0; shared--)
        for (size_t i = 0; i < out->objects; i++)
            if ((user[i] == SEVERAL) == shared)
                object[count++] = out->object[i];
    memcpy(out->object, object, count * sizeof *object);
}

static int find_objects(const struct sharing_context *context, const struct candidate *c,
    size_t count, struct sharing *out)
{
    struct starts starts = {0};
    uint32_t user[SHARING_OBJECTS] = {0};
    int code = 0;
    for (size_t i = 0; i < count && !code; i++)
        code = add_objects(context, &c[i], &starts, user, out);
    move_shared_first(out, user);
    count_objects(&starts, out);
    free(starts.at);
    return code;
}

static int add_site(struct sharing *out, const struct sharing_site *site)
{
    for (size_t i = 0; i < out->sites; i++)
        if (out->site[i].pc == site->pc && out->site[i].thread == site->thread &&
            out->site[i].kind == site->kind && out->site[i].object == site->object) {
            out->site[i].count += site->count;
            if (site->first > out->site[i].first) {
                out->site[i].first = site->first;
                out->site[i].size = site->size;
            }
            return 0;
        }
    if (GROW(out->site, out->sites) != 0)
        return -ENOMEM;
    out->site[out->sites++] = *site;
    return 0;
}

static int add_touch_sites(const struct sharing_context *context, const struct line_stat *line,
    const struct candidate *c, const struct footprint *touch, struct sharing *out)
{
    int code = 0;
    for (uint32_t j = 0; j < touch->sites && !code; j++) {
        const struct record_site *const s = &touch->site[j];
        const uint64_t address = line->address + s->first;
        struct sharing_object o;
        if (address + s->size <= c->start || address >= c->start + c->bytes)
            continue;
        sharing_object_at(context, line, address, &o);
        const struct sharing_site site = {.pc = s->pc - 1,
            .thread = finding_thread_index(out, touch->slot),
            .object = object_index(out, &o),
            .first = address - o.start,
            .size = s->size,
            .kind = s->kind,
            .read = s->kind & RECORD_READ,
            .write = s->kind & RECORD_WRITE,
            .count = s->count};
        if (site.thread < out->threads)
            code = add_site(out, &site);
    }
    return code;
}

static int by_count(const void *a, const void *b)
{
    const struct sharing_site *const x = a, *const y = b;
    int order = compare_u64(y->count, x->count);
    order = order ? order : compare_u64(x->pc, y->pc);
    return order ? order : compare_u64(x->thread, y->thread);
}

static int find_sites(const struct sharing_context *context, const struct candidate *c,
    size_t count, struct sharing *out)
{
    const struct recording *const r = context->recording;
    int code = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < c[i].lines; k++)
            for (uint32_t t = c[i].line[k]->touch; t && !code; t = r->touch[t - 1].next)
                code = add_touch_sites(context, c[i].line[k], &c[i], &r->touch[t - 1], out);
    if (out->sites)
        qsort(out->site, out->sites, sizeof *out->site, by_count);
    return code;
}

static uint64_t badness_of(const struct candidate *c)
{
    return c->handovers_false ? c->handovers_false : c->possible;
}

static const struct candidate *worst_of(const struct candidate *c, size_t count)
{
    const struct candidate *worst = c;
    for (size_t i = 1; i < count; i++)
        if (badness_of(&c[i]) > badness_of(worst) ||
            (badness_of(&c[i]) == badness_of(worst) && c[i].start < worst->start))
            worst = &c[i];
    return worst;
}

/* What the slot's thread did to a byte: see struct sharing_row. */
static char access_of(const struct candidate *c, uint32_t slot, unsigned byte)
{
    bool read = false, written = false;
    for (size_t i = 0; i < c->touches; i++)
        if (c->touched[i].slot == slot) {
            read |= mask_bit(c->touched[i].read, byte);
            written |= mask_bit(c->touched[i].written, byte);
        }
    return read && written ? 'B' : written ? 'W' : read ? 'R' : '.';
}

static int find_rows(const struct candidate *worst, struct sharing *out)
{
    out->row = calloc(out->threads + 1, sizeof *out->row);
    for (size_t thread = 0; out->row && thread < out->threads; thread++) {
        struct sharing_row row = {.thread = thread};
        for (unsigned b = 0; b < worst->bytes; b++)
            row.bytes[b] = access_of(worst, out->thread[thread].slot, b);
        if (strpbrk(row.bytes, "RWB"))
            out->row[out->rows++] = row;
    }
    return out->row ? 0 : -ENOMEM;
}

struct weighed {
    const struct line_stat *line;
    uint64_t accesses;
};

static int by_weight(const void *a, const void *b)
{
    const struct weighed *const x = a, *const y = b;
    const int order = compare_u64(y->accesses, x->accesses);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static uint64_t accesses_of(const struct recording *r, const struct line_stat *line)
{
    uint64_t sum = 0;
    for (uint32_t t = line->touch; t; t = r->touch[t - 1].next)
        sum += r->touch[t - 1].reads + r->touch[t - 1].writes;
    return sum;
}

static int find_lines(const struct sharing_context *context, const struct candidate *c,
    size_t count, struct sharing *out)
{
    struct weighed *const all = calloc(2 * count + 1, sizeof *all);
    size_t lines = 0;
    out->line = calloc(2 * count + 1, sizeof(struct line_stat *));
    for (size_t i = 0; all && i < count; i++)
        for (size_t k = 0; k < c[i].lines; k++)
            all[lines++] =
                (struct weighed){c[i].line[k], accesses_of(context->recording, c[i].line[k])};
    if (all && out->line) {
        qsort(all, lines, sizeof *all, by_weight);
        for (size_t i = 0; i < lines; i++)
            if (i == 0 || all[i].line != all[i - 1].line)
                out->line[out->lines++] = all[i].line;
    }
    free(all);
    return all && out->line ? 0 : -ENOMEM;
}

int finding_build(const struct sharing_context *context, const struct candidate *candidate,
    size_t count, struct sharing *out)
{
    const struct candidate *const worst = worst_of(candidate, count);
    int code = find_objects(context, candidate, count, out);
    if (!code)
        code = finding_threads_find(context->recording, candidate, count, out);
    if (!code)
        code = find_sites(context, candidate, count, out);
    if (!code)
        code = find_rows(worst, out);
    if (!code)
        code = find_lines(context, candidate, count, out);
    if (code)
        return code;
    out->worst = worst->start;
    out->line_bytes = worst->bytes;
    for (size_t i = 0; i < count; i++)
        out->cache_lines += candidate[i].lines;
    for (size_t i = 0; i < out->objects; i++)
        sharing_object_name_it(context, out->site, out->sites, i, &out->object[i]);
    finding_fields(context, candidate, count, false, out);
    finding_fields(context, worst, 1, true, out);
    return 0;
}

void finding_free(struct sharing *finding)
{
    if (!finding)
        return;
    free(finding->thread);
    free(finding->site);
    free(finding->row);
    free(finding->line);
    free(finding);
}
