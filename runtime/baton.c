/* SPDX-License-Identifier: MIT
 * Batons by address. A table of fixed size: a baton that finds no room orders nothing, and what it
 * would have ordered counts as concurrent. */
#include "runtime/baton.h"

#include "runtime/base/plain_libc.h"
#include "runtime/base/state.h"
#include "runtime/vector_clock.h"

#include <stddef.h>

enum {
    BATONS = 512,
    PROBES = 8,
    /* What could change hands 10,000 times a second is worth a report (sharing_rule): where a baton
     * comes back sooner, threads take turns, and no phases end. */
    PHASE_NS = 100000,
};
struct baton {
    uintptr_t address;
    uint64_t passers, receivers; /* threads, by slot modulo 64 */
    struct round round;
};
static struct baton batons[BATONS];
bool baton_mutexes;
static _Thread_local uint64_t passed_ns INITIAL_EXEC; /* when this thread last ended a phase */

static struct baton *find_baton(uintptr_t address, bool make)
{
    const uint32_t start = (uint32_t)(address >> 4 ^ address >> 13) % BATONS;
    for (uint32_t i = 0; i < PROBES; i++) {
        struct baton *b = &batons[(start + i) % BATONS];
        uintptr_t none = 0;
        if (__atomic_load_n(&b->address, __ATOMIC_ACQUIRE) == address)
            return b;
        if (make && __atomic_compare_exchange_n(
                        &b->address, &none, address, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return b;
    }
    return NULL;
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

static bool is_new_phase(void)
{
    const uint64_t now = plain_now_ns();
    const bool new = now - passed_ns >= PHASE_NS;
    if (new)
        passed_ns = now;
    return new;
}

void baton_note_mutex(uintptr_t address)
{
    if (find_baton(address, true))
        baton_mutexes = true;
}

void baton_pass(uintptr_t address, enum baton_kind kind)
{
    struct baton *b = find_baton(address, kind != BATON_MUTEX);
    if (!b)
        return;
    note_slot(&b->passers);
    if (is_lock(b, kind))
        return;
    if (kind == BATON_LATCH || is_new_phase())
        vector_clock_release(&b->round);
    else
        vector_clock_release_earlier(&b->round);
}

void baton_receive(uintptr_t address, enum baton_kind kind)
{
    struct baton *b = find_baton(address, kind != BATON_MUTEX);
    if (!b)
        return;
    note_slot(&b->receivers);
    if (!is_lock(b, kind))
        vector_clock_acquire(&b->round);
}

void baton_forget(uintptr_t address)
{
    struct baton *b = find_baton(address, false);
    if (!b)
        return;
    b->passers = b->receivers = 0;
    vector_clock_clear(&b->round);
}

void baton_fork(void)
{
    for (uint32_t i = 0; i < BATONS; i++)
        if (batons[i].address)
            batons[i].round.lock = 0;
}
