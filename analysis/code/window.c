/* SPDX-License-Identifier: MIT
 * Decoding backwards. Instructions of x86-64 have no fixed length, so that where the one before
 * begins is only known from an earlier beginning. Decoded from anywhere, code falls in step with
 * the real instructions within a few of them; of many starts most agree. */
#include "analysis/code/window.h"

#include <stdlib.h>

enum { STARTS = 48, BEHIND_MOST = 4096 };

struct step {
    uint64_t at; /* in the text */
    struct code_instruction is;
};

/* The last instructions that end at `end`, decoded from `start`, as a ring. Returns how many, or 0
 * where the instructions do not meet it. */
static size_t sweep(
    const struct code_text *text, uint64_t start, uint64_t end, struct step ring[CODE_WINDOW])
{
    size_t count = 0;
    uint64_t at = start;
    while (at < end) {
        struct step *const s = &ring[count % CODE_WINDOW];
        if (!code_decode(text->bytes + at, text->size - at, &s->is))
            return 0;
        s->at = at;
        at += s->is.length;
        count++;
    }
    return at == end ? count : 0;
}

/* A start before `end` from which the instruction before it is what most starts find; `end`: none.
 * Each is far enough away to be in step when it comes there. */
static uint64_t vote_start(const struct code_text *text, uint64_t end)
{
    enum { AWAY = 4 * CODE_WINDOW };
    unsigned votes[CODE_LENGTH_MOST + 1] = {0}, best = 0;
    uint64_t start[CODE_LENGTH_MOST + 1] = {end};
    struct step ring[CODE_WINDOW];
    for (uint64_t back = STARTS; back > 0; back--) {
        const uint64_t away = end > AWAY + back ? AWAY + back : back < end ? back : end;
        const size_t count = sweep(text, end - away, end, ring);
        const uint64_t length = count ? end - ring[(count - 1) % CODE_WINDOW].at : 0;
        if (length == 0)
            continue;
        if (votes[length]++ == 0)
            start[length] = end - away;
        if (votes[length] > votes[best])
            best = (unsigned)length;
    }
    return start[best];
}

/* Of the code that begins with an instruction, from there; else from where most starts agree. */
static size_t find_before(const struct code_text *text, uint64_t end, struct step ring[CODE_WINDOW])
{
    const size_t count = text->begins && end <= BEHIND_MOST ? sweep(text, 0, end, ring) : 0;
    /* None: there is something in between that is no code. */
    return count ? count : sweep(text, vote_start(text, end), end, ring);
}

static uint32_t used_by(const struct code_operand *o)
{
    return (o->base >= 0 ? 1u << o->base : 0) | (o->index >= 0 ? 1u << o->index : 0);
}

struct list {
    const struct code_text *text;
    struct code_access *access;
    size_t count, most;
};

static void add_accesses(struct list *l, const struct step *s, uint32_t changed, int distance)
{
    for (unsigned i = 0; i < s->is.operands; i++) {
        const struct code_operand *const o = &s->is.operand[i];
        if ((used_by(o) & changed) || l->count == l->most)
            continue;
        l->access[l->count++] = (struct code_access){.operand = *o,
            .next = l->text->address + s->at + s->is.length,
            .distance = (int16_t)distance};
    }
}

static void add_before(struct list *l, uint64_t end)
{
    struct step ring[CODE_WINDOW];
    const size_t count = find_before(l->text, end, ring);
    uint32_t changed = 0;
    for (size_t i = 1; i <= count && i <= CODE_WINDOW; i++) {
        const struct step *const s = &ring[(count - i) % CODE_WINDOW];
        if (s->is.ends && !s->is.conditional)
            return;
        changed |= s->is.writes; /* before its own access, too: mov (%rax), %rax */
        add_accesses(l, s, changed, -(int)i);
    }
}

static void add_behind(struct list *l, uint64_t from)
{
    struct step s = {.at = from};
    uint32_t changed = 0;
    for (int i = 0; i < CODE_WINDOW; i++) {
        if (!code_decode(l->text->bytes + s.at, l->text->size - s.at, &s.is))
            return;
        add_accesses(l, &s, changed, i);
        changed |= s.is.writes;
        if (s.is.ends && !s.is.conditional)
            return;
        s.at += s.is.length;
    }
}

static int nearer(const void *a, const void *b)
{
    const struct code_access *const x = a, *const y = b;
    const int dx = x->distance < 0 ? -2 * x->distance : 2 * x->distance + 1,
              dy = y->distance < 0 ? -2 * y->distance : 2 * y->distance + 1;
    return (dx > dy) - (dx < dy);
}

size_t code_window(
    const struct code_text *text, uint64_t ip, struct code_access *access, size_t most)
{
    struct list l = {.text = text, .access = access, .most = most};
    if (!text->size || ip < text->address || ip - text->address > text->size)
        return 0;
    add_before(&l, ip - text->address);
    add_behind(&l, ip - text->address);
    qsort(access, l.count, sizeof *access, nearer);
    return l.count;
}

uint64_t code_address(const struct code_access *access, const uint64_t *reg)
{
    const struct code_operand *const o = &access->operand;
    uint64_t address = (uint64_t)o->offset;
    if (o->base == CODE_IP)
        address += access->next;
    else if (o->base >= 0)
        address += reg[o->base];
    return o->index >= 0 ? address + reg[o->index] * o->scale : address;
}
