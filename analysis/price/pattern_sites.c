/* SPDX-License-Identifier: MIT
 * Sites of a footprint, first as uses of bytes, then as operations of a size that a processor has.
 */
#include "analysis/price/pattern_sites.h"

#include "base/grow.h"

#include <errno.h>
#include <math.h>

struct adding {
    struct pattern_thread *thread;
    uint8_t item;
};

static int add_access(
    const struct adding *to, enum pattern_op op, uint32_t at, unsigned size, double count)
{
    struct pattern_thread *const t = to->thread;
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
        .at = {at}, .op = (uint8_t)op, .size = (uint8_t)size, .item = to->item, .count = count};
    return 0;
}

/* In pieces that are aligned as an atomic has to be. */
static int add_pieces(
    const struct adding *to, enum pattern_op op, uint32_t at, unsigned size, double count)
{
    int code = 0;
    for (unsigned piece; size && !code; at += piece, size -= piece) {
        piece = 8;
        while (piece > size || at % piece)
            piece /= 2;
        code = add_access(to, op, at, piece, count);
    }
    return code;
}

/* A call on a lock: its word by an atomic, then its owner (glibc, struct_mutex.h: the owner is the
 * third word). What is small is a word alone. */
static int add_call(const struct adding *to, uint32_t at, unsigned size, double count)
{
    enum { WORD = 4, OWNER = 8 };
    int code = add_pieces(to, PATTERN_ADD, at, size < WORD ? size : WORD, count);
    if (!code && size >= OWNER + WORD)
        code = add_pieces(to, PATTERN_RMW, at + OWNER, WORD, count);
    return code;
}

/* Reads and writes of the same bytes are the two halves of x++, as far as there are as many. */
struct bytes_used {
    uint32_t at;
    unsigned size;
    double reads, writes;
};

static int add_used(const struct adding *to, const struct bytes_used *u)
{
    const double both = fmin(u->reads, u->writes);
    int code = both > 0 ? add_pieces(to, PATTERN_RMW, u->at, u->size, both) : 0;
    if (!code && u->reads > both)
        code = add_pieces(to, PATTERN_LOAD, u->at, u->size, u->reads - both);
    if (!code && u->writes > both)
        code = add_pieces(to, PATTERN_STORE, u->at, u->size, u->writes - both);
    return code;
}

struct bytes_list {
    struct bytes_used used[RECORD_SITES];
    size_t count;
};

static void use_bytes(
    struct bytes_list *list, uint32_t at, unsigned size, double reads, double writes)
{
    size_t i = 0;
    while (i < list->count && (list->used[i].at != at || list->used[i].size != size))
        i++;
    if (i == list->count)
        list->used[list->count++] = (struct bytes_used){.at = at, .size = size};
    list->used[i].reads += reads;
    list->used[i].writes += writes;
}

static int add_site(const struct adding *to, const struct record_site *s, uint32_t at,
    unsigned size, double count, struct bytes_list *list)
{
    const bool reads = s->kind & RECORD_READ, writes = s->kind & RECORD_WRITE;
    if (s->kind & RECORD_SYNC)
        return add_call(to, at, size, count);
    if (s->kind & RECORD_ATOMIC && reads && writes)
        return add_pieces(to, PATTERN_ADD, at, size, count);
    use_bytes(list, at, size, reads ? count : 0, writes ? count : 0);
    return 0;
}

/* The bytes of the site that are replayed; the length, 0: none. */
static unsigned clip_site(const struct pattern_line *l, const struct record_site *s, uint32_t *at)
{
    const uint64_t from = l->line->address + s->first, to = from + s->size;
    const uint64_t first = from > l->first ? from : l->first, end = to < l->end ? to : l->end;
    *at = l->at + (uint32_t)(first - l->line->address);
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

/* Sites are counted for as long as it takes to know them; the sum of a footprint always. As it
 * counts them, an atomic read-modify-write is both. */
static double counted_share(const struct footprint *touch)
{
    double counted = 0;
    for (uint32_t i = 0; i < touch->sites; i++)
        counted += (double)touch->site[i].count *
                   (!!(touch->site[i].kind & RECORD_READ) + !!(touch->site[i].kind & RECORD_WRITE));
    const double all = (double)touch->reads + (double)touch->writes;
    return counted > 0 && all > 0 ? counted / all : 1;
}

int pattern_add_sites(struct pattern_thread *thread, const struct recording *recording,
    const struct pattern_line *line, const struct footprint *touch, double times)
{
    const struct adding to = {thread, line->item};
    const struct footprint whole = with_site(recording, line->line, touch);
    const double factor = times / counted_share(&whole);
    struct bytes_list list = {.count = 0};
    int code = 0;
    for (uint32_t i = 0; i < whole.sites && !code; i++) {
        const struct record_site *const s = &whole.site[i];
        uint32_t at;
        const unsigned size = clip_site(line, s, &at);
        if (size)
            code = add_site(&to, s, at, size, factor * (double)s->count, &list);
    }
    for (size_t i = 0; i < list.count && !code; i++)
        code = add_used(&to, &list.used[i]);
    return code;
}
