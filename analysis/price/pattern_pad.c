/* SPDX-License-Identifier: MIT
 * Where a pattern's bytes would lie after padding. */
#include "analysis/price/pattern.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Which threads use a byte, as a mask. From the 63rd on threads share a bit; groups may then be
 * larger than need be. */
struct byte {
    uint64_t users, writers;
    uint32_t parent; /* of a disjoint set of bytes that one access ties together */
    uint32_t group;  /* of a set's root */
};

static uint32_t root_of(const struct byte *byte, uint32_t i)
{
    while (byte[i].parent != i)
        i = byte[i].parent;
    return i;
}

static void add_user(struct byte *byte, const struct pattern_access *a, size_t thread)
{
    const uint64_t bit = 1ull << (thread < 63 ? thread : 63);
    for (uint32_t i = 0; i < a->size; i++) {
        struct byte *const b = &byte[a->at[PATTERN_SHARED] + i];
        b->users |= bit;
        b->writers |= a->op == PATTERN_LOAD ? 0 : bit;
        byte[root_of(byte, a->at[PATTERN_SHARED] + i)].parent =
            root_of(byte, a->at[PATTERN_SHARED]);
    }
}

/* Each root gets all users and writers of the bytes that are tied to it. */
static void fold_roots(struct byte *byte, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        struct byte *const root = &byte[root_of(byte, i)];
        root->users |= byte[i].users;
        root->writers |= byte[i].writers;
    }
}

/* One thread's own bytes are a group whether it writes them all or not. */
static bool same_group(const struct byte *a, const struct byte *b)
{
    const bool alone = (a->users & (a->users - 1)) == 0;
    return a->users == b->users && (alone || a->writers == b->writers);
}

static uint32_t number_groups(struct byte *byte, uint32_t bytes)
{
    uint32_t groups = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        if (byte[i].parent != i || !byte[i].users)
            continue;
        uint32_t j = 0;
        while (j < i && (byte[j].parent != j || !byte[j].users || !same_group(&byte[i], &byte[j])))
            j++;
        byte[i].group = j < i ? byte[j].group : groups++;
    }
    return groups;
}

/* Each group has a copy of the whole place, so that its bytes lie to each other as they did. The
 * copies begin at different page offsets: equal ones alias (docs/method.md, "The reference"). */
static uint32_t stride_of(uint32_t bytes)
{
    enum { PAGE = 4096 };
    const uint32_t stride =
        (bytes + PATTERN_APART - 1) / PATTERN_APART * PATTERN_APART + PATTERN_APART;
    return stride % PAGE ? stride : stride + PATTERN_APART;
}

int pattern_pad(struct pattern *p)
{
    const uint32_t bytes = p->bytes[PATTERN_SHARED];
    struct byte *const byte = calloc(bytes + 1, sizeof *byte);
    if (!byte)
        return -ENOMEM;
    for (uint32_t i = 0; i < bytes; i++)
        byte[i].parent = i;
    for (size_t t = 0; t < p->threads; t++)
        for (size_t i = 0; i < p->thread[t].accesses; i++)
            add_user(byte, &p->thread[t].access[i], t);
    fold_roots(byte, bytes);
    const uint32_t groups = number_groups(byte, bytes), stride = stride_of(bytes);
    for (size_t t = 0; t < p->threads; t++)
        for (size_t i = 0; i < p->thread[t].accesses; i++) {
            struct pattern_access *const a = &p->thread[t].access[i];
            const uint32_t group = byte[root_of(byte, a->at[PATTERN_SHARED])].group;
            a->at[PATTERN_PADDED] = group * stride + a->at[PATTERN_SHARED];
            a->at[PATTERN_ALONE] = (uint32_t)t * stride + a->at[PATTERN_SHARED];
        }
    p->bytes[PATTERN_PADDED] = groups * stride;
    p->bytes[PATTERN_ALONE] = (uint32_t)p->threads * stride;
    free(byte);
    return 0;
}

static bool is_on_one_line(
    const struct pattern_access *a, const struct pattern_access *b, uint32_t padded)
{
    const enum pattern_place x = padded >> a->item & 1 ? PATTERN_PADDED : PATTERN_SHARED,
                             y = padded >> b->item & 1 ? PATTERN_PADDED : PATTERN_SHARED;
    return x == y && a->at[x] / PATTERN_LINE == b->at[y] / PATTERN_LINE &&
           (a->op != PATTERN_LOAD || b->op != PATTERN_LOAD);
}

static bool is_shared_between(
    const struct pattern_thread *a, const struct pattern_thread *b, uint32_t padded)
{
    for (size_t i = 0; i < a->accesses; i++)
        for (size_t k = 0; k < b->accesses; k++)
            if (is_on_one_line(&a->access[i], &b->access[k], padded))
                return true;
    return false;
}

bool pattern_is_shared(const struct pattern *p, uint32_t padded)
{
    for (size_t a = 0; a < p->threads; a++)
        for (size_t b = a + 1; b < p->threads; b++)
            if (is_shared_between(&p->thread[a], &p->thread[b], padded))
                return true;
    return false;
}
