/* SPDX-License-Identifier: MIT
 * Batons by address. A table of fixed size: a baton that finds no room orders nothing, and what it
 * would have ordered counts as concurrent. */
#include "runtime/baton.h"

#include "runtime/base/by_address.h"
#include "runtime/base/plain_libc.h"
#include "runtime/inside.h"

enum {
    BATONS = 512,
};
struct baton {
    uintptr_t address;
    uint64_t passers, receivers; /* threads, by slot modulo 64 */
    struct round round;
};
static struct baton batons[BATONS];
bool baton_mutexes;

static const struct by_address table = {batons, sizeof *batons, BATONS};

static struct baton *find_baton(uintptr_t address, bool make)
{
    return by_address_find(&table, address, make);
}

static bool is_lock(const struct baton *b, enum baton_kind kind)
{
    return kind == BATON_SEMAPHORE && __atomic_load_n(&b->passers, __ATOMIC_RELAXED) &
                                          __atomic_load_n(&b->receivers, __ATOMIC_RELAXED);
}

static void note_slot(uint64_t *set)
{
    const uint64_t bit = 1ull << tag_slot(state_me.tag) % 64;
    if (!(__atomic_load_n(set, __ATOMIC_RELAXED) & bit))
        __atomic_fetch_or(set, bit, __ATOMIC_RELAXED);
}

static void pass_baton(struct baton *b, enum baton_kind kind)
{
    note_slot(&b->passers);
    if (is_lock(b, kind))
        return;
    if (kind == BATON_LATCH)
        vector_clock_release(&b->round);
    else
        vector_clock_come(&b->round, vector_clock_mark());
}

static void receive_baton(struct baton *b, enum baton_kind kind)
{
    note_slot(&b->receivers);
    if (!is_lock(b, kind))
        vector_clock_acquire(&b->round);
}

static void note_baton(struct baton *b, enum baton_kind kind)
{
    (void)b;
    baton_mutexes |= kind == BATON_MUTEX;
}

static void forget_baton(struct baton *b, enum baton_kind kind)
{
    (void)kind;
    b->passers = b->receivers = 0;
    vector_clock_clear(&b->round);
    by_address_remove(b);
}

static void with_baton(volatile const void *at, bool make, enum baton_kind kind,
    void (*act)(struct baton *b, enum baton_kind kind))
{
    if (!inside_enter())
        return;
    struct baton *b = find_baton((uintptr_t)at, make);
    if (b)
        act(b, kind);
    inside_leave();
}

void baton_pass(volatile const void *at, enum baton_kind kind)
{
    with_baton(at, kind != BATON_MUTEX, kind, pass_baton);
}

void baton_receive(volatile const void *at, enum baton_kind kind)
{
    with_baton(at, kind != BATON_MUTEX, kind, receive_baton);
}

void baton_note_mutex(volatile const void *at)
{
    with_baton(at, true, BATON_MUTEX, note_baton);
}

void baton_forget(volatile const void *at)
{
    with_baton(at, false, BATON_SEMAPHORE, forget_baton);
}

struct round *baton_round(uintptr_t address, bool make)
{
    struct baton *b = find_baton(address, make);
    if (!b && make) {
        forget_baton(by_address_first(&table, address), BATON_LATCH);
        b = find_baton(address, true);
    }
    return b ? &b->round : NULL;
}

void baton_fork(void)
{
    for (uint32_t i = 0; i < BATONS; i++)
        if (batons[i].address)
            batons[i].round.lock = 0;
}
