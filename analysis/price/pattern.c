/* SPDX-License-Identifier: MIT
 * A finding's lines and sites as accesses to replay. */
#include "analysis/price/pattern.h"

#include "base/compare.h"
#include "base/grow.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Where a recorded line lies in the place as it is. */
struct placed {
    const struct line_stat *line;
    uint32_t at;
};

struct build {
    const struct sharing *sharing;
    const struct recording *recording;
    struct placed line[PATTERN_LINES];
    size_t lines;
    uint64_t first, end; /* of the addresses that are replayed */
    struct pattern *out;
};

static int by_address(const void *a, const void *b)
{
    const struct placed *const x = a, *const y = b;
    return compare_u64(x->line->address, y->line->address);
}

/* Adjacent lines stay adjacent and keep their pair alignment; longer gaps are shortened. What a
 * moved object would share begins a line at `worst`. */
static void place_lines(const struct sharing *s, struct build *b)
{
    const uint64_t origin = s->latent == LATENT_START ? s->worst : 0;
    uint32_t at = 0;
    b->first = origin;
    b->end = s->latent == LATENT_START ? s->worst + s->line_bytes : UINT64_MAX;
    for (size_t i = 0; i < s->lines && b->lines < PATTERN_LINES; i++)
        if (s->line[i]->address + PATTERN_LINE > b->first && s->line[i]->address < b->end)
            b->line[b->lines++] = (struct placed){.line = s->line[i]};
    qsort(b->line, b->lines, sizeof *b->line, by_address);
    for (size_t i = 0; i < b->lines; i++) {
        struct placed *const p = &b->line[i];
        const uint64_t address = p->line->address;
        const uint64_t step = i ? address - b->line[i - 1].line->address : 0;
        if (i == 0)
            at = PATTERN_LINE + (uint32_t)((address - origin) % (2 * PATTERN_LINE));
        else
            at += step <= PATTERN_APART ? (uint32_t)step
                                        : PATTERN_APART + (uint32_t)(step % (2 * PATTERN_LINE));
        p->at = at;
    }
    b->out->bytes[PATTERN_SHARED] = at + 2 * PATTERN_LINE;
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

static int add_access(
    struct pattern_thread *t, enum pattern_op op, uint32_t at, unsigned size, double count)
{
    for (size_t i = 0; i < t->accesses; i++) {
        struct pattern_access *const a = &t->access[i];
        if (a->op == op && a->at[PATTERN_SHARED] == at && a->size == size) {
            a->count += count;
            return 0;
        }
    }
    if (GROW(t->access, t->accesses) != 0)
        return -ENOMEM;
    t->access[t->accesses++] = (struct pattern_access){
        .at = {at}, .op = (uint8_t)op, .size = (uint8_t)size, .count = count};
    return 0;
}

/* In pieces that are aligned as an atomic has to be. */
static int add_pieces(
    struct pattern_thread *t, enum pattern_op op, uint32_t at, unsigned size, double count)
{
    int code = 0;
    for (unsigned piece; size && !code; at += piece, size -= piece) {
        piece = 8;
        while (piece > size || at % piece)
            piece /= 2;
        code = add_access(t, op, at, piece, count);
    }
    return code;
}

/* A call on a lock: its word by an atomic, then its owner (glibc, struct_mutex.h: the owner is the
 * third word). What is small is a word alone. */
static int add_call(struct pattern_thread *t, uint32_t at, unsigned size, double count)
{
    enum { WORD = 4, OWNER = 8 };
    int code = add_pieces(t, PATTERN_ADD, at, size < WORD ? size : WORD, count);
    if (!code && size >= OWNER + WORD)
        code = add_pieces(t, PATTERN_RMW, at + OWNER, WORD, count);
    return code;
}

/* Reads and writes of the same bytes are the two halves of x++, as far as there are as many. */
struct bytes_used {
    uint32_t at;
    unsigned size;
    double reads, writes;
};

static int add_used(struct pattern_thread *t, const struct bytes_used *u)
{
    const double both = fmin(u->reads, u->writes);
    int code = both > 0 ? add_pieces(t, PATTERN_RMW, u->at, u->size, both) : 0;
    if (!code && u->reads > both)
        code = add_pieces(t, PATTERN_LOAD, u->at, u->size, u->reads - both);
    if (!code && u->writes > both)
        code = add_pieces(t, PATTERN_STORE, u->at, u->size, u->writes - both);
    return code;
}

static int add_site(struct pattern_thread *t, const struct record_site *s, uint32_t at,
    unsigned size, struct bytes_used *used, size_t *count)
{
    const bool reads = s->kind & RECORD_READ, writes = s->kind & RECORD_WRITE;
    if (s->kind & RECORD_SYNC)
        return add_call(t, at, size, (double)s->count);
    if (s->kind & RECORD_ATOMIC && reads && writes)
        return add_pieces(t, PATTERN_ADD, at, size, (double)s->count);
    size_t i = 0;
    while (i < *count && (used[i].at != at || used[i].size != size))
        i++;
    if (i == *count)
        used[(*count)++] = (struct bytes_used){.at = at, .size = size};
    used[i].reads += reads ? (double)s->count : 0;
    used[i].writes += writes ? (double)s->count : 0;
    return 0;
}

static double count_accesses(const struct pattern_thread *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->accesses; i++)
        sum += t->access[i].count;
    return sum;
}

/* The bytes of the site that are replayed; the length, 0: none. */
static unsigned clip_site(
    const struct build *b, const struct placed *p, const struct record_site *s, uint32_t *at)
{
    const uint64_t from = p->line->address + s->first, to = from + s->size;
    const uint64_t first = from > b->first ? from : b->first, end = to < b->end ? to : b->end;
    *at = p->at + (uint32_t)(first - p->line->address);
    return end > first ? (unsigned)(end - first) : 0;
}

/* A thread that only came while no other used the line is counted, but its sites are not: the bytes
 * that it touched replace them, used as the others use theirs. */
static struct footprint with_site(
    const struct recording *r, const struct line_stat *line, const struct footprint *touch)
{
    struct footprint out = *touch;
    const uint64_t mask = touch->read_mask | touch->write_mask;
    unsigned kind = (touch->reads ? RECORD_READ : 0) | (touch->writes ? RECORD_WRITE : 0);
    if (touch->sites || !mask)
        return out;
    for (uint32_t t = line->touch; t; t = r->touch[t - 1].next)
        for (uint32_t i = 0; i < r->touch[t - 1].sites; i++)
            kind |= r->touch[t - 1].site[i].kind & (RECORD_ATOMIC | RECORD_SYNC);
    const unsigned first = (unsigned)__builtin_ctzll(mask);
    const uint64_t after = ~(mask >> first);
    out.sites = 1;
    out.site[0] = (struct record_site){.first = (uint8_t)first,
        .size = (uint8_t)(after ? __builtin_ctzll(after) : RECORD_LINE),
        .kind = (uint8_t)kind,
        .count = touch->reads > touch->writes ? touch->reads : touch->writes};
    return out;
}

static int add_touch(struct build *b, const struct placed *p, const struct footprint *recorded)
{
    const struct footprint touch = with_site(b->recording, p->line, recorded);
    struct bytes_used used[RECORD_SITES];
    size_t count = 0;
    double seen = 0;
    int code = 0;
    struct pattern_thread *const t = thread_of(b->out, touch.slot);
    if (!t)
        return -ENOMEM;
    const double before = count_accesses(t);
    for (uint32_t i = 0; i < touch.sites && !code; i++) {
        uint32_t at;
        const unsigned size = clip_site(b, p, &touch.site[i], &at);
        /* As the touch counts them: an atomic read-modify-write is both. */
        seen += (double)touch.site[i].count *
                (!!(touch.site[i].kind & RECORD_READ) + !!(touch.site[i].kind & RECORD_WRITE));
        if (size)
            code = add_site(t, &touch.site[i], at, size, used, &count);
    }
    for (size_t i = 0; i < count && !code; i++)
        code = add_used(t, &used[i]);
    /* Sites are counted for as long as it takes to know them; the sum always. */
    if (seen > 0)
        t->ops +=
            (count_accesses(t) - before) * ((double)touch.reads + (double)touch.writes) / seen;
    return code;
}

static int by_count(const void *a, const void *b)
{
    const struct pattern_access *const x = a, *const y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->at[PATTERN_SHARED] < y->at[PATTERN_SHARED] ? -1 : 1;
}

static const struct footprint *touch_of(
    const struct recording *r, const struct line_stat *line, uint32_t slot)
{
    for (uint32_t t = line->touch; t; t = r->touch[t - 1].next)
        if (r->touch[t - 1].slot == slot)
            return &r->touch[t - 1];
    return NULL;
}

static double accesses_of(const struct recording *r, const struct line_stat *line, uint32_t slot)
{
    const struct footprint *const t = touch_of(r, line, slot);
    return t ? (double)t->reads + (double)t->writes : 0;
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

/* How many times what it did on the lines that are replayed the thread did on all of them. */
static double whole_factor(const struct build *b, uint32_t slot)
{
    double here = 0, all = 0;
    for (size_t i = 0; i < b->lines; i++)
        here += accesses_of(b->recording, b->line[i].line, slot);
    for (size_t i = 0; i < b->sharing->lines; i++)
        all += accesses_of(b->recording, b->sharing->line[i], slot);
    return here > 0 ? all / here : 1;
}

/* What is rarer has no place in a list of as many steps as the replay's. */
static const double ACCESS_LEAST = 1.0 / 128;
/* Half a microsecond lost in so many accesses of others is less than a cpu can measure. */
static const double THREAD_LEAST = 1e-5;

static void finish_thread(const struct build *b, struct pattern_thread *t)
{
    if (t->accesses)
        qsort(t->access, t->accesses, sizeof *t->access, by_count);
    const double all = count_accesses(t);
    size_t kept = 0;
    while (kept < t->accesses && kept < PATTERN_ACCESSES &&
           t->access[kept].count >= ACCESS_LEAST * all)
        kept++;
    t->accesses = kept ? kept : t->accesses > 0; /* of very many, one represents all */
    t->active = active_share(b, t->slot);
    t->ops *= whole_factor(b, t->slot);
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

static const char *why_not(const struct sharing *s)
{
    if (s->kind == SHARING_TRUE)
        return "true sharing: no layout changes it";
    if (s->latent == LATENT_WIDE)
        return "lines of 128 bytes: this machine has others";
    if (s->recording->header.mode != RECORD_FULL)
        return "accesses were seen in bursts: how many there were is unknown";
    return NULL;
}

int pattern_build(const struct sharing *s, struct pattern *out, const char **why)
{
    struct build b = {.sharing = s, .recording = s->recording, .out = out};
    int code = 0;
    *out = (struct pattern){.happens = s->latent == LATENT_NOT || s->latent == LATENT_TURNS};
    *why = why_not(s);
    if (*why)
        return 0;
    place_lines(s, &b);
    for (size_t i = 0; i < b.lines && !code; i++)
        for (uint32_t t = b.line[i].line->touch; t && !code; t = s->recording->touch[t - 1].next)
            code = add_touch(&b, &b.line[i], &s->recording->touch[t - 1]);
    finish_threads(&b);
    if (!code && out->threads < 2)
        *why = "the recording shows accesses by fewer than two threads";
    if (!code && !*why)
        code = pattern_pad(out);
    if (code)
        pattern_fini(out);
    return code;
}

void pattern_fini(struct pattern *p)
{
    for (size_t i = 0; i < p->threads; i++)
        free(p->thread[i].access);
    free(p->thread);
    *p = (struct pattern){0};
}
