/* SPDX-License-Identifier: MIT
 * A table of lines, each with the threads that were seen there. */
#include "analysis/watch/contested.h"

#include <errno.h>
#include <stdlib.h>
#include <uthash.h>

/* Less than a guess that was made some twenty times as long ago as weights take to fade. */
static const double FORGOTTEN = 0.01;

struct entry {
    struct contested_line line; /* first: its key */
    UT_hash_handle hh;
};

struct contested {
    struct entry *entry;
};

struct contested *contested_new(void)
{
    return calloc(1, sizeof(struct contested));
}

void contested_free(struct contested *c)
{
    struct entry *entry, *next;
    if (!c)
        return;
    HASH_ITER(hh, c->entry, entry, next)
    {
        HASH_DEL(c->entry, entry);
        free(entry);
    }
    free(c);
}

static struct contested_line *line_at(struct contested *c, uint64_t key)
{
    struct entry *entry = NULL;
    HASH_FIND(hh, c->entry, &key, sizeof key, entry);
    if (entry)
        return &entry->line;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->line.key = key;
    HASH_ADD(hh, c->entry, line.key, sizeof entry->line.key, entry);
    return &entry->line;
}

const struct contested_line *contested_at(const struct contested *c, uint64_t key)
{
    struct entry *entry = NULL;
    HASH_FIND(hh, c->entry, &key, sizeof key, entry);
    return entry ? &entry->line : NULL;
}

static struct contested_user *user_of(struct contested_user *user, unsigned *users, int tid)
{
    unsigned least = 0;
    for (unsigned i = 0; i < *users; i++) {
        if (user[i].tid == tid)
            return &user[i];
        if (user[i].weight < user[least].weight)
            least = i;
    }
    const unsigned at = *users < CONTESTED_USERS ? (*users)++ : least;
    user[at] = (struct contested_user){.tid = tid};
    return &user[at];
}

static bool is_same(const struct contested_access *x, const struct contested_access *y)
{
    return x->first == y->first && x->bytes == y->bytes && x->write == y->write;
}

void contested_see(
    struct contested_user *users, unsigned *count, int tid, const struct contested_access *seen)
{
    struct contested_user *const user = user_of(users, count, tid);
    unsigned least = 0;
    user->weight += seen->weight;
    user->seen += user->sample != seen->sample;
    user->sample = seen->sample;
    for (unsigned i = 0; i < user->accesses; i++) {
        struct contested_access *const access = &user->access[i];
        if (is_same(access, seen)) {
            access->weight += seen->weight;
            access->next = seen->next;
            access->address = seen->address;
            return;
        }
        if (access->weight < user->access[least].weight)
            least = i;
    }
    const unsigned at = user->accesses < CONTESTED_ACCESSES ? user->accesses++ : least;
    user->access[at] = *seen;
}

int contested_add(struct contested *c, int tid, uint64_t key, const struct contested_access *access)
{
    for (uint64_t at = key, end = key + access->bytes; at < end;) {
        struct contested_access here = *access;
        here.address += at - key;
        here.first = (uint8_t)(at % CONTESTED_LINE);
        const uint64_t line = at - here.first, behind = line + CONTESTED_LINE;
        here.bytes = (uint8_t)((end < behind ? end : behind) - at);
        struct contested_line *const of = line_at(c, line);
        if (!of)
            return -ENOMEM;
        contested_see(of->user, &of->users, tid, &here);
        at += here.bytes;
    }
    return 0;
}

static void age_user(struct contested_user *user, double kept)
{
    unsigned left = 0;
    user->weight *= kept;
    for (unsigned i = 0; i < user->accesses; i++) {
        struct contested_access access = user->access[i];
        access.weight *= (float)kept;
        if (access.weight >= FORGOTTEN)
            user->access[left++] = access;
    }
    user->accesses = left;
}

void contested_age(struct contested *c, double kept)
{
    struct entry *entry, *next;
    HASH_ITER(hh, c->entry, entry, next)
    {
        struct contested_line *const line = &entry->line;
        unsigned left = 0;
        line->tries *= kept;
        for (unsigned i = 0; i < line->users; i++) {
            age_user(&line->user[i], kept);
            if (line->user[i].accesses)
                line->user[left++] = line->user[i];
        }
        line->users = left;
        if (left)
            continue;
        HASH_DEL(c->entry, entry);
        free(entry);
    }
}

static bool writes(const struct contested_user *user)
{
    for (unsigned i = 0; i < user->accesses; i++)
        if (user->access[i].write)
            return true;
    return false;
}

/* How much its second thread is seen; 0: it has no pair of which one writes. */
static double worth(const struct contested_line *line)
{
    double first = 0, second = 0;
    bool written = false;
    for (unsigned i = 0; i < line->users; i++) {
        const double weight = line->user[i].weight;
        written |= writes(&line->user[i]);
        second = weight > first ? first : weight > second ? weight : second;
        first = weight > first ? weight : first;
    }
    return written ? second / (1 + line->tries) : 0;
}

static unsigned draw(struct rng *rng, const double *weight, unsigned count)
{
    double all = 0;
    for (unsigned i = 0; i < count; i++)
        all += weight[i];
    double at = rng_real(rng) * all;
    for (unsigned i = 0; i + 1 < count; i++) {
        if (at < weight[i])
            return i;
        at -= weight[i];
    }
    return count - 1;
}

static unsigned draw_user(struct rng *rng, const struct contested_line *line, unsigned but)
{
    double weight[CONTESTED_USERS];
    for (unsigned i = 0; i < line->users; i++)
        weight[i] = i == but ? 0 : line->user[i].weight;
    return draw(rng, weight, line->users);
}

static unsigned draw_access(struct rng *rng, const struct contested_user *user)
{
    double weight[CONTESTED_ACCESSES];
    for (unsigned i = 0; i < user->accesses; i++)
        weight[i] = user->access[i].weight;
    return draw(rng, weight, user->accesses);
}

static bool overlap(const struct contested_access *x, const struct contested_access *y)
{
    return x->first < y->first + y->bytes && y->first < x->first + x->bytes;
}

static bool draw_pair(
    struct rng *rng, const struct contested_line *line, struct contested_pair *out)
{
    const unsigned a = draw_user(rng, line, CONTESTED_USERS), b = draw_user(rng, line, a);
    if (a == b)
        return false;
    const struct contested_user *const x = &line->user[a], *const y = &line->user[b];
    *out = (struct contested_pair){.line = line->key,
        .tid = {x->tid, y->tid},
        .access = {x->access[draw_access(rng, x)], y->access[draw_access(rng, y)]}};
    return out->access[0].write || out->access[1].write;
}

bool contested_pick(struct contested *c, struct rng *rng, struct contested_pair *out)
{
    enum { DRAWS = 16 };
    struct contested_line *best = NULL;
    double most = 0;
    for (struct entry *entry = c->entry; entry; entry = entry->hh.next) {
        const double value = worth(&entry->line);
        if (value > most) {
            most = value;
            best = &entry->line;
        }
    }
    if (!best)
        return false;
    best->tries++;
    bool found = false, apart = false;
    for (int i = 0; i < DRAWS && !apart; i++) {
        struct contested_pair pair;
        if (!draw_pair(rng, best, &pair))
            continue;
        apart = !overlap(&pair.access[0], &pair.access[1]);
        if (apart || !found)
            *out = pair;
        found = true;
    }
    return found;
}
