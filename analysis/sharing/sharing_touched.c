/* SPDX-License-Identifier: MIT
 * What threads touched of a candidate, one by one, and how many hand-overs its rests add. */
#include "analysis/sharing/sharing_touched.h"

#include "analysis/sharing/sharing_window.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A line cannot change hands more often: the fastest cores take 15 ns for it (Zen 4 within an L3;
 * AnandTech, review of the Ryzen 9 7950X, 2022). */
uint64_t handovers_most(const struct recording *recording)
{
    const double most = recording->seen_seconds / 15e-9;
    return recording->seen_seconds > 0 && most < (double)RECORD_COUNT_MAX ? (uint64_t)most
                                                                          : RECORD_COUNT_MAX;
}

/* All hand-overs of a line for each that was counted. The runtime counts only the accesses of a
 * contended line that rests; its hand-overs are taken to have been as frequent, among the accesses,
 * as those that were counted. 1 where it never rested, or where there is nothing to infer from. */
double rests_factor(const struct recording *recording, const struct line_stat *line)
{
    double all = 0, rested = 0;
    for (uint32_t i = line->touch; i; i = recording->touch[i - 1].next) {
        const struct footprint *const t = &recording->touch[i - 1];
        all += (double)t->reads + (double)t->writes;
        rested += (double)t->rested;
    }
    if (rested <= 0 || rested >= all)
        return 1;
    const double counted = (double)line->false_handovers + (double)line->true_handovers;
    const double factor = all / (all - rested), most = (double)handovers_most(recording);
    return counted > 0 && counted * factor > most ? fmax(1, most / counted) : factor;
}

/* At most RECORD_COUNT_MAX, so that it can be summed. */
uint64_t rests_scale(uint64_t count, double factor)
{
    const double product = factor * (double)count, most = (double)RECORD_COUNT_MAX;
    return (uint64_t)(product < most ? product : most);
}

/* The bits of a line's mask as they fall in the window. */
static void place_mask(
    uint64_t mask, const struct line_stat *line, const struct candidate *c, uint64_t out[2])
{
    for (unsigned i = 0; i < RECORD_LINE; i++) {
        const int64_t at = (int64_t)(line->address + i - c->start);
        if (mask >> i & 1 && at >= c->from && at < c->to)
            out[at / 64] |= 1ull << at % 64;
    }
}

static void add_touched(
    const struct recording *recording, const struct line_stat *line, struct candidate *c)
{
    const double factor = rests_factor(recording, line);
    for (uint32_t t = line->touch; t; t = recording->touch[t - 1].next) {
        const struct footprint *const from = &recording->touch[t - 1];
        struct touched one = {.slot = from->slot,
            .line = line,
            .from = from,
            .false_in = rests_scale(from->false_in, factor),
            .true_in = rests_scale(from->true_in, factor)};
        place_mask(from->read_mask, line, c, one.read);
        place_mask(from->write_mask, line, c, one.written);
        if (one.read[0] | one.read[1] | one.written[0] | one.written[1])
            c->touched[c->touches++] = one;
    }
}

static bool is_same_thread(const struct touched *a, const struct touched *b)
{
    return a->slot == b->slot && a->from->life == b->from->life;
}

static uint32_t thread_number(const struct candidate *c, size_t index)
{
    uint32_t next = 0;
    for (size_t i = 0; i < index; i++) {
        if (is_same_thread(&c->touched[i], &c->touched[index]))
            return c->touched[i].thread;
        if (next <= c->touched[i].thread)
            next = c->touched[i].thread + 1;
    }
    return next;
}

static uint64_t met_accesses(const struct candidate *c, const struct touched *t)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < c->touches; i++) {
        const struct touched *const other = &c->touched[i];
        if (is_same_thread(t, other) || touches_meet(t->from, other->from))
            sum += touch_accesses(other->from);
    }
    return sum;
}

static int find_representing(struct candidate *c)
{
    const struct footprint **const list = calloc(c->touches + 1, sizeof(struct footprint *));
    for (size_t i = 0; list && i < c->touches; i++)
        list[i] = c->touched[i].from;
    for (size_t i = 0; list && i < c->touches; i++)
        c->touched[i].represents =
            c->touched[i].from->life == touches_life(list, c->touches, c->touched[i].slot);
    free(list);
    return list ? 0 : -ENOMEM;
}

int touched_find(const struct recording *recording, struct candidate *c)
{
    size_t room = 0;
    for (size_t i = 0; i < c->lines; i++)
        room += c->line[i]->touches;
    c->touched = calloc(room + 1, sizeof *c->touched);
    for (size_t i = 0; c->touched && i < c->lines; i++)
        add_touched(recording, c->line[i], c);
    for (size_t i = 0; i < c->touches; i++) {
        c->touched[i].thread = thread_number(c, i);
        c->touched[i].met = met_accesses(c, &c->touched[i]);
    }
    return c->touched ? find_representing(c) : -ENOMEM;
}
