/* SPDX-License-Identifier: MIT
 * Slots of coroutines. One that was given back is used again as late as can be: a thread that has
 * not yet noticed that it runs another coroutine still has its tag. */
#include "runtime/go/coroutine.h"

#include "runtime/base/lock.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"
#include "runtime/base/tag.h"
#include "runtime/intercept/program_locks.h"
#include "runtime/lives.h"
#include "runtime/thread_internal.h"
#include "runtime/vector_clock.h"

enum { FOR_THREADS = 512 }; /* slots that only threads get */

/* Those given back, in a ring. */
static uint32_t unused[SLOTS];
static uint32_t unused_from, unused_count;

/* The caller has LOCK_THREADS. */
static uint32_t take_slot(void)
{
    const uint32_t next = vector_clock_slots();
    if (unused_count == 0 && next < SLOTS - FOR_THREADS) {
        vector_clock_add_slot();
        return next;
    }
    if (unused_count == 0)
        return 0;
    const uint32_t slot = unused[unused_from];
    unused_from = (unused_from + 1) % SLOTS;
    unused_count--;
    return slot;
}

static void begin_life(uint32_t slot, uintptr_t created_at)
{
    struct record_thread *const entry = recording_thread(slot);
    const uint32_t lives = entry->lives + 1;
    *entry = (struct record_thread){.slot = slot,
        .lives = lives,
        .coroutine = 1,
        .accesses = entry->accesses,
        .begin_ns = plain_now_ns(),
        .frames = created_at ? 1 : 0,
        .created_at = {created_at}};
}

uint32_t coroutine_begin(uintptr_t created_at)
{
    const uint32_t parent = tag_slot(state_me.tag);
    lock_take(lock_of(LOCK_THREADS));
    const uint32_t slot = take_slot();
    if (slot) {
        threads[slot] = (struct thread){.life = LIFE_LIVE};
        begin_life(slot, created_at);
        record->threads.count = slot > record->threads.count ? slot : record->threads.count;
    }
    record->coroutines_created++;
    record->coroutines_lost += !slot;
    lock_release(lock_of(LOCK_THREADS));
    if (slot && parent < SLOTS)
        vector_clock_create(parent, slot);
    if (slot && parent < SLOTS)
        state_me.tag = vector_clock_tag(parent);
    if (slot)
        lives_begin(vector_clock_tag(slot));
    return slot;
}

void coroutine_switch(uint32_t slot)
{
    program_locks_drop();
    thread_switch(slot);
}

void coroutine_end(uint32_t slot)
{
    if (!slot)
        return;
    if (slot == state_me.slot)
        coroutine_switch(0);
    struct record_thread *const entry = recording_thread(slot);
    lock_take(lock_of(LOCK_THREADS));
    threads[slot].life = LIFE_JOINED;
    entry->end_ns = plain_now_ns();
    entry->stack_low = entry->stack_high = 0;
    lives_end(slot);
    unused[(unused_from + unused_count++) % SLOTS] = slot;
    lock_release(lock_of(LOCK_THREADS));
}

void coroutine_describe(uint32_t slot, const struct coroutine *is)
{
    struct record_thread *const entry = recording_thread(slot);
    entry->entry = is->entry;
    entry->tid = (uint32_t)is->number;
    entry->stack_low = is->stack_low;
    entry->stack_high = is->stack_high;
}
