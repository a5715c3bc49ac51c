/* SPDX-License-Identifier: MIT
 * A table of lines, each with the threads that were seen there. */
#include "analysis/watch/contested.h"

#include <errno.h>
#include <stdlib.h>
#include <uthash.h>

struct line {
    uint64_t address;
    struct contested_user user[CONTESTED_USERS];
    size_t users;
    UT_hash_handle hh;
};

struct contested {
    struct line *line;
};

struct contested *contested_new(void)
{
    return calloc(1, sizeof(struct contested));
}

void contested_free(struct contested *c)
{
    struct line *line, *next;
    if (!c)
        return;
    HASH_ITER(hh, c->line, line, next)
    {
        HASH_DEL(c->line, line);
        free(line);
    }
    free(c);
}

static struct line *line_at(struct contested *c, uint64_t address)
{
    struct line *line;
    HASH_FIND(hh, c->line, &address, sizeof address, line);
    if (line)
        return line;
    line = calloc(1, sizeof *line);
    if (!line)
        return NULL;
    line->address = address;
    HASH_ADD(hh, c->line, address, sizeof line->address, line);
    return line;
}

static struct contested_user *user_of(struct line *line, int tid)
{
    size_t least = 0;
    for (size_t i = 0; i < line->users; i++) {
        if (line->user[i].tid == tid)
            return &line->user[i];
        if (line->user[i].weight < line->user[least].weight)
            least = i;
    }
    const size_t at = line->users < CONTESTED_USERS ? line->users++ : least;
    line->user[at] = (struct contested_user){.tid = tid};
    return &line->user[at];
}

static uint64_t mask_of(unsigned first, unsigned bytes)
{
    const uint64_t all = bytes >= CONTESTED_LINE ? UINT64_MAX : (1ull << bytes) - 1;
    return all << first;
}

static int add_to_line(struct contested *c, const struct contested_user *seen, uint64_t address)
{
    struct line *const line = line_at(c, address);
    if (!line)
        return -ENOMEM;
    struct contested_user *const user = user_of(line, seen->tid);
    user->reads |= seen->reads;
    user->writes |= seen->writes;
    user->weight += seen->weight;
    return 0;
}

int contested_add(
    struct contested *c, int tid, uint64_t address, unsigned bytes, bool write, double weight)
{
    int code = 0;
    for (uint64_t at = address, end = address + bytes; at < end && !code;) {
        const unsigned first = (unsigned)(at % CONTESTED_LINE);
        const uint64_t line = at - first,
                       here = end < line + CONTESTED_LINE ? end : line + CONTESTED_LINE;
        const uint64_t mask = mask_of(first, (unsigned)(here - at));
        const struct contested_user seen = {
            .tid = tid, .reads = write ? 0 : mask, .writes = write ? mask : 0, .weight = weight};
        code = add_to_line(c, &seen, line);
        at = here;
    }
    return code;
}

static struct contested_pair pair_of(
    const struct line *line, const struct contested_user *x, const struct contested_user *y)
{
    const bool first = x->writes && y->writes ? x->weight >= y->weight : x->writes != 0;
    return (struct contested_pair){.line = line->address,
        .a = first ? *x : *y,
        .b = first ? *y : *x,
        .weight = x->weight < y->weight ? x->weight : y->weight};
}

/* Keeps the `most` of them with the largest weights, in order. */
static size_t keep_pair(
    struct contested_pair *out, size_t count, size_t most, const struct contested_pair *pair)
{
    size_t at = count < most ? count : most;
    while (at > 0 && out[at - 1].weight < pair->weight)
        at--;
    if (at == most)
        return count;
    const size_t last = count < most ? count : most - 1;
    for (size_t i = last; i > at; i--)
        out[i] = out[i - 1];
    out[at] = *pair;
    return last + 1;
}

size_t contested_pairs(const struct contested *c, struct contested_pair *out, size_t most)
{
    size_t count = 0;
    for (const struct line *line = c->line; line && most; line = line->hh.next)
        for (size_t i = 0; i < line->users; i++)
            for (size_t j = i + 1; j < line->users; j++) {
                const struct contested_user *const x = &line->user[i], *const y = &line->user[j];
                if (!x->writes && !y->writes)
                    continue;
                const struct contested_pair pair = pair_of(line, x, y);
                count = keep_pair(out, count, most, &pair);
            }
    return count;
}
