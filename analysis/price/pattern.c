/* SPDX-License-Identifier: MIT
 * The lines of findings laid out in one place, and their threads. */
#include "analysis/price/pattern.h"

#include "analysis/price/pattern_sites.h"
#include "analysis/sharing/sharing_window.h"
#include "base/compare.h"
#include "base/grow.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct build {
    const struct recording *recording;
    const struct pattern_item *item;
    size_t items;
    struct pattern_line line[PATTERN_ITEMS * PATTERN_LINES];
    size_t lines;
    struct touches {
        const struct footprint **at;
        size_t count;
    } touches[PATTERN_ITEMS]; /* on those lines */
    uint32_t bytes;
    struct pattern *out;
};

static int by_address(const void *a, const void *b)
{
    const struct pattern_line *const x = a, *const y = b;
    return compare_u64(x->line->address, y->line->address);
}

/* Adjacent lines stay adjacent and keep their pair alignment; longer gaps are shortened. */
static void place_after(struct build *b, size_t first, uint64_t origin)
{
    uint32_t at = 0;
    for (size_t i = first; i < b->lines; i++) {
        const uint64_t address = b->line[i].line->address;
        const uint64_t step = i > first ? address - b->line[i - 1].line->address : 0;
        if (i == first)
            at = b->bytes + PATTERN_LINE + (uint32_t)((address - origin) % (2 * PATTERN_LINE));
        else
            at += step <= PATTERN_APART ? (uint32_t)step
                                        : PATTERN_APART + (uint32_t)(step % (2 * PATTERN_LINE));
        b->line[i].at = at;
    }
    if (b->lines > first)
        b->bytes = (at + 2 * PATTERN_LINE + PATTERN_APART) / PATTERN_APART * PATTERN_APART;
}

/* Of its lines, what lies from `from` to `end`. */
static void place_item(struct build *b, size_t item, uint64_t from, uint64_t end)
{
    const struct sharing *const s = b->item[item].sharing;
    const size_t first = b->lines;
    for (size_t i = 0; i < s->lines && b->lines < first + PATTERN_LINES; i++)
        if (s->line[i]->address + PATTERN_LINE > from && s->line[i]->address < end)
            b->line[b->lines++] = (struct pattern_line){
                .line = s->line[i], .first = from, .end = end, .item = (uint8_t)item};
    qsort(&b->line[first], b->lines - first, sizeof *b->line, by_address);
    place_after(b, first, b->item[item].origin);
}

static struct pattern_thread *thread_of(struct pattern *p, uint32_t slot)
{
    for (size_t i = 0; i < p->threads; i++)
        if (p->thread[i].slot == slot)
            return &p->thread[i];
    if (GROW(p->thread, p->threads) != 0)
        return NULL;
    p->thread[p->threads] = (struct pattern_thread){.slot = slot};
    return &p->thread[p->threads++];
}

static const struct footprint *touch_of(
    const struct recording *r, const struct line_stat *line, uint32_t slot)
{
    for (uint32_t t = line->touch; t; t = r->touch[t - 1].next)
        if (r->touch[t - 1].slot == slot)
            return &r->touch[t - 1];
    return NULL;
}

static double accesses_of(const struct footprint *t)
{
    return (double)t->reads + (double)t->writes;
}

static int find_touches(struct build *b)
{
    for (size_t i = 0; i < b->lines; i++)
        for (uint32_t t = b->line[i].line->touch; t; t = b->recording->touch[t - 1].next) {
            struct touches *const of = &b->touches[b->line[i].item];
            if (GROW(of->at, of->count) != 0)
                return -ENOMEM;
            of->at[of->count++] = &b->recording->touch[t - 1];
        }
    return 0;
}

/* How many times what the thread did on the finding's lines that are replayed all of its slot did
 * on all lines. */
static double whole_factor(const struct build *b, size_t item, const struct footprint *touch)
{
    const struct recording *const r = b->recording;
    const struct sharing *const s = b->item[item].sharing;
    double here = 0, all = 0;
    for (size_t i = 0; i < b->lines; i++)
        for (uint32_t t = b->line[i].line->touch; t; t = r->touch[t - 1].next)
            if (b->line[i].item == item && r->touch[t - 1].slot == touch->slot &&
                r->touch[t - 1].life == touch->life)
                here += accesses_of(&r->touch[t - 1]);
    for (size_t i = 0; i < s->lines; i++)
        for (uint32_t t = s->line[i]->touch; t; t = r->touch[t - 1].next)
            if (r->touch[t - 1].slot == touch->slot)
                all += accesses_of(&r->touch[t - 1]);
    return here > 0 ? all / here : 1;
}

/* In bursts, a part of the time was seen. */
static double unseen_factor(const struct recording *r)
{
    const struct record_header *const h = &r->header;
    return h->mode != RECORD_FULL && h->seen_ticks
               ? fmax(1, (double)h->threaded_ticks / (double)h->seen_ticks)
               : 1;
}

static int add_line(struct build *b, const struct pattern_line *line)
{
    const struct recording *const r = b->recording;
    int code = 0;
    for (uint32_t t = line->line->touch; t && !code; t = r->touch[t - 1].next) {
        const struct footprint *const touch = &r->touch[t - 1];
        const struct touches *const all = &b->touches[line->item];
        if (touch->life != touches_life(all->at, all->count, touch->slot))
            continue;
        struct pattern_thread *const thread = thread_of(b->out, touch->slot);
        const double times = unseen_factor(r) * whole_factor(b, line->item, touch);
        code = thread ? pattern_add_sites(thread, r, line, touch, times) : -ENOMEM;
    }
    return code;
}

/* Of its life the time from its first use of these lines to the last, by the mean gap between its
 * accesses on each; where it used several at the same time, at most all. */
static double active_share(const struct build *b, uint32_t slot)
{
    const struct recording *const r = b->recording;
    const struct record_thread *const thread = &r->thread[slot];
    const double tick_ns = (double)(r->header.last_ns - r->header.start_ns) /
                           (double)(r->header.last_tick - r->header.start_tick);
    const uint64_t end = thread->end_ns ? thread->end_ns : r->header.last_ns;
    double used = 0;
    for (size_t i = 0; i < b->lines; i++) {
        const struct footprint *const t = touch_of(r, b->line[i].line, slot);
        if (t && t->gaps)
            used += (double)t->gap_ticks / (double)t->gaps * (double)(t->reads + t->writes);
    }
    const double share = used * tick_ns / ((double)end - (double)thread->begin_ns);
    const bool known = thread->lives == 1 && end > thread->begin_ns && share > 0;
    return known && share < 1 ? share : 1;
}

static double count_accesses(const struct pattern_thread *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->accesses; i++)
        sum += t->access[i].count;
    return sum;
}

static int by_count(const void *a, const void *b)
{
    const struct pattern_access *const x = a, *const y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return compare_u64(x->at[PATTERN_SHARED], y->at[PATTERN_SHARED]);
}

/* What is rarer has no place in a list of as many steps as the replay's. */
static const double ACCESS_LEAST = 1.0 / 128;
/* Half a microsecond lost in so many accesses of others is less than a cpu can measure. */
static const double THREAD_LEAST = 1e-5;

static void finish_thread(const struct build *b, struct pattern_thread *t)
{
    t->ops = count_accesses(t);
    if (t->accesses)
        qsort(t->access, t->accesses, sizeof *t->access, by_count);
    size_t kept = 0;
    while (kept < t->accesses && kept < PATTERN_ACCESSES &&
           t->access[kept].count >= ACCESS_LEAST * t->ops)
        kept++;
    t->accesses = kept ? kept : t->accesses > 0; /* of very many, one represents all */
    t->active = active_share(b, t->slot);
}

static void finish_threads(struct build *b)
{
    struct pattern *const p = b->out;
    double most = 0;
    size_t kept = 0;
    for (size_t i = 0; i < p->threads; i++) {
        finish_thread(b, &p->thread[i]);
        most = fmax(most, p->thread[i].ops);
    }
    for (size_t i = 0; i < p->threads; i++) {
        if (p->thread[i].accesses && p->thread[i].ops > THREAD_LEAST * most)
            p->thread[kept++] = p->thread[i];
        else
            free(p->thread[i].access);
    }
    p->threads = kept;
}

static int build_placed(struct build *b, const char **why)
{
    struct pattern *const out = b->out;
    int code = find_touches(b);
    *out = (struct pattern){.items = b->items, .bytes = {b->bytes}};
    *why = NULL;
    for (size_t i = 0; i < b->lines && !code; i++)
        code = add_line(b, &b->line[i]);
    for (size_t i = 0; i < PATTERN_ITEMS; i++)
        free(b->touches[i].at);
    finish_threads(b);
    if (!code && out->threads < 2)
        *why = "the recording shows accesses by fewer than two threads";
    if (!code && !*why)
        code = pattern_pad(out);
    if (code)
        pattern_fini(out);
    return code;
}

static int by_line(const void *a, const void *b)
{
    const struct line_stat *const *const x = a, *const *const y = b;
    return compare_u64((*x)->address, (*y)->address);
}

/* Only a line that reaches over two of the recorded ones shares anything new. */
bool pattern_happens(const struct sharing *s, uint64_t origin)
{
    uint64_t possible = 0;
    const struct line_stat **const line = malloc((s->lines + 1) * sizeof *line);
    for (size_t i = 0; line && i < s->lines; i++)
        line[i] = s->line[i];
    if (line)
        qsort(line, s->lines, sizeof *line, by_line);
    for (size_t i = 0; line && i + 1 < s->lines; i++) {
        const uint64_t at = line[i]->address, start = at + (origin - at) % PATTERN_LINE;
        if (line[i + 1]->address == at + PATTERN_LINE && start != at)
            possible +=
                window_possible(s->recording, &line[i], 2, start, PATTERN_LINE).false_sharing;
    }
    free(line);
    return possible > s->possible / 2;
}

int pattern_build(
    const struct pattern_item *item, size_t items, struct pattern *out, const char **why)
{
    struct build b = {
        .recording = item[0].sharing->recording, .item = item, .items = items, .out = out};
    for (size_t i = 0; i < items; i++)
        place_item(&b, i, 0, UINT64_MAX);
    return build_placed(&b, why);
}

int pattern_build_moved(const struct sharing *s, struct pattern *out, const char **why)
{
    const struct pattern_item item = {s, s->worst};
    struct build b = {.recording = s->recording, .item = &item, .items = 1, .out = out};
    place_item(&b, 0, s->worst, s->worst + s->line_bytes);
    return build_placed(&b, why);
}

void pattern_fini(struct pattern *p)
{
    for (size_t i = 0; i < p->threads; i++)
        free(p->thread[i].access);
    free(p->thread);
    *p = (struct pattern){0};
}
