/* SPDX-License-Identifier: MIT
 * Candidates: each recorded line, and pairs of adjacent lines that another start or longer lines
 * would bring together. */
#include "analysis/sharing/sharing_candidate.h"

#include "analysis/sharing/sharing_separable.h"
#include "analysis/sharing/sharing_touched.h"
#include "analysis/sharing/sharing_window.h"
#include "base/grow.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t at_most_handovers(const struct recording *recording, uint64_t count)
{
    const uint64_t most = handovers_most(recording);
    return count < most ? count : most;
}

bool candidate_byte(const struct candidate *c, unsigned byte)
{
    for (size_t i = 0; i < c->touches; i++)
        if (mask_bit(c->touched[i].read, byte) || mask_bit(c->touched[i].written, byte))
            return true;
    return false;
}

void candidate_object(const struct sharing_context *context, const struct candidate *c,
    unsigned byte, struct sharing_object *out)
{
    const uint64_t address = c->start + byte;
    const size_t line = c->lines > 1 && address >= c->line[1]->address;
    sharing_object_at(context, c->line[line], address, out);
}

static void add_identity(struct candidate *c, uint64_t identity)
{
    size_t at = 0;
    while (at < SHARING_OBJECTS && c->identity[at] && c->identity[at] < identity)
        at++;
    if (at == SHARING_OBJECTS || c->identity[at] == identity)
        return;
    memmove(
        &c->identity[at + 1], &c->identity[at], (SHARING_OBJECTS - at - 1) * sizeof c->identity[0]);
    c->identity[at] = identity;
}

static void find_identities(const struct sharing_context *context, struct candidate *c)
{
    struct sharing_object o = {0};
    for (unsigned b = 0; b < c->bytes; b++) {
        const uint64_t address = c->start + b;
        if (!candidate_byte(c, b) || sharing_object_has(&o, address))
            continue;
        candidate_object(context, c, b, &o);
        add_identity(c, o.identity);
    }
}

static void set_possible(const struct recording *r, struct candidate *c)
{
    const struct possible p = window_possible(r, c->line, c->lines, c->start, c->bytes);
    c->possible = at_most_handovers(r, p.false_sharing);
    c->possible_true = at_most_handovers(r, p.true_sharing);
}

static void move_to_true(struct candidate *c, uint64_t most)
{
    const uint64_t moved = most < c->handovers_false ? most : c->handovers_false;
    c->handovers_false -= moved;
    c->handovers_true += moved;
}

/* A thread that comes to a field which travels with another one takes the other next, whether or
 * not it loses the line in between: as many hand-overs as there are such accesses count as true. */
static void count_carried_as_true(struct candidate *c)
{
    const double all = (double)c->handovers_false + (double)c->handovers_true;
    move_to_true(c, (uint64_t)(c->separable.carried * all));
}

/* After each visit the line goes back. */
static void count_visits_as_true(struct candidate *c)
{
    if (c->handovers_false > 0)
        move_to_true(c, 2 * separable_visits(c));
}

static bool is_on_other(const struct candidate *c, const struct touched *t)
{
    for (size_t i = 0; i < c->touches; i++)
        if (c->touched[i].slot == t->slot && c->touched[i].line != t->line)
            return true;
    return false;
}

static void set_around(const struct recording *r, struct candidate *c)
{
    for (size_t i = 0; i < c->touches; i++)
        if (!is_on_other(c, &c->touched[i]))
            return;
    for (size_t i = 0; i < c->lines; i++) {
        const double factor = rests_factor(r, c->line[i]);
        c->around_false += rests_scale(c->line[i]->false_handovers, factor);
        c->around_true += rests_scale(c->line[i]->true_handovers, factor);
    }
}

static int add_candidate(
    const struct sharing_context *context, const struct candidate *new, struct candidates *list)
{
    if (GROW(list->at, list->count) != 0)
        return -ENOMEM;
    struct candidate *const c = &list->at[list->count++];
    *c = *new;
    if (touched_find(context->recording, c) != 0)
        return -ENOMEM;
    for (size_t i = 0; i < c->touches; i++)
        c->accesses += touch_accesses(c->touched[i].from);
    c->separable = separable_of(c);
    count_carried_as_true(c);
    count_visits_as_true(c);
    find_identities(context, c);
    if (c->lines > 1)
        set_around(context->recording, c);
    return 0;
}

static int add_line(
    const struct sharing_context *context, const struct line_stat *line, struct candidates *list)
{
    const double factor = rests_factor(context->recording, line);
    struct candidate c = {.start = line->address,
        .bytes = RECORD_LINE,
        .to = RECORD_LINE,
        .line = {line},
        .lines = 1,
        .handovers_false = rests_scale(line->false_handovers, factor),
        .handovers_true = rests_scale(line->true_handovers, factor),
        .switched = rests_scale(line->switched, factor)};
    if (line->touches < 2 || line->flags & RECORD_NEIGHBOUR)
        return 0;
    set_possible(context->recording, &c);
    return add_candidate(context, &c, list);
}

static int add_wide(const struct sharing_context *context, const struct line_stat *a,
    const struct line_stat *b, struct candidates *list)
{
    struct candidate c = {.position = LATENT_WIDE,
        .start = a->address,
        .bytes = 2 * RECORD_LINE,
        .to = 2 * RECORD_LINE,
        .line = {a, b},
        .lines = 2};
    if (a->address % c.bytes != 0)
        return 0;
    set_possible(context->recording, &c);
    return c.possible ? add_candidate(context, &c, list) : 0;
}

/* malloc and the linker give multiples of 16 (x86-64 psABI 3.1.2: arrays of 16 bytes or more). */
enum { MOVE = 16 };

/* Between the object's own bytes in the window: what lies next to it does not move with it. */
static uint64_t possible_within(
    const struct recording *r, struct candidate *c, const struct sharing_object *o)
{
    const uint64_t end = c->start + c->bytes, last = o->start + o->size;
    const uint64_t from = c->start > o->start ? c->start : o->start;
    const uint64_t to = end < last ? end : last;
    if (from >= to)
        return 0;
    c->from = (unsigned)(from - c->start);
    c->to = (unsigned)(to - c->start);
    const struct possible p = window_possible(r, c->line, c->lines, from, (unsigned)(to - from));
    return at_most_handovers(r, p.false_sharing);
}

/* Where a stack begins is drawn for each run; where its unnamed variables begin is unknown. What
 * mmap returns begins with a page. */
static bool may_begin_elsewhere(const struct sharing_object *o)
{
    return !o->fixed && o->size > 0 &&
           (o->kind == OBJECT_HEAP || o->kind == OBJECT_GLOBAL ||
               (o->kind == OBJECT_STACK && o->name[0]));
}

/* Within one object only: how objects lie to each other is unknown. */
static int add_moved(const struct sharing_context *context, const struct line_stat *a,
    const struct line_stat *b, struct candidates *list)
{
    struct sharing_object before, after;
    sharing_object_at(context, a, b->address - 1, &before);
    sharing_object_at(context, b, b->address, &after);
    if (before.identity != after.identity || before.start != after.start ||
        !may_begin_elsewhere(&after))
        return 0;
    struct candidate best = {.possible = 0};
    for (unsigned shift = MOVE; shift < RECORD_LINE; shift += MOVE) {
        struct candidate c = {.position = LATENT_START,
            .start = a->address + shift,
            .bytes = RECORD_LINE,
            .line = {a, b},
            .lines = 2};
        c.possible = possible_within(context->recording, &c, &after);
        if (c.possible > best.possible)
            best = c;
    }
    return best.possible ? add_candidate(context, &best, list) : 0;
}

static int by_address(const void *a, const void *b)
{
    const struct line_stat *const x = *(const struct line_stat *const *)a,
                                  *const y = *(const struct line_stat *const *)b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return x < y ? -1 : x > y;
}

static int find_in(const struct sharing_context *context, const struct line_stat **line,
    size_t count, unsigned line_bytes, struct candidates *out)
{
    int code = 0;
    for (size_t i = 0; i < count && !code; i++) {
        code = add_line(context, line[i], out);
        if (code || i + 1 == count || line[i + 1]->address != line[i]->address + RECORD_LINE)
            continue;
        code = add_moved(context, line[i], line[i + 1], out);
        if (!code && line_bytes > RECORD_LINE)
            code = add_wide(context, line[i], line[i + 1], out);
    }
    return code;
}

int candidates_find(
    const struct sharing_context *context, unsigned line_bytes, struct candidates *out)
{
    const struct recording *const r = context->recording;
    const struct line_stat **const line = calloc(r->lines + 1, sizeof(struct line_stat *));
    size_t count = 0;
    *out = (struct candidates){0};
    if (!line)
        return -ENOMEM;
    for (size_t i = 0; i < r->lines; i++)
        if (r->line[i].touch)
            line[count++] = &r->line[i];
    qsort(line, count, sizeof(struct line_stat *), by_address);
    const int code = find_in(context, line, count, line_bytes, out);
    free(line);
    if (code)
        candidates_fini(out);
    return code;
}

void candidates_fini(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++)
        free(candidates->at[i].touched);
    free(candidates->at);
    *candidates = (struct candidates){0};
}
