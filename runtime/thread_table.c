/* SPDX-License-Identifier: MIT
 * The slots, and how many accesses their living threads have had. */
#include "runtime/base/lock.h"
#include "runtime/base/recording.h"
#include "runtime/base/tag.h"
#include "runtime/thread_internal.h"

struct thread *threads;

/* Only the thread itself writes its count: if another set it to zero, all of it would at times be
 * counted twice. */
void thread_record_accesses(uint32_t slot)
{
    struct thread *t = &threads[slot];
    const uint64_t now = __atomic_load_n(&t->me->accesses, __ATOMIC_RELAXED);
    recording_thread(slot)->accesses += now - t->known;
    __atomic_fetch_add(&record->accesses, now - t->known, __ATOMIC_RELAXED);
    t->known = now;
    const uint64_t made = __atomic_load_n(&t->me->allocations, __ATOMIC_RELAXED);
    __atomic_fetch_add(&record->allocations, made - t->known_allocations, __ATOMIC_RELAXED);
    t->known_allocations = made;
}

/* A thread's counts are gone when it has ended, for which it takes the lock: it has to wait where
 * this thread does not get a cpu for long, and where one did not wait nothing is read any more. */
void thread_refresh(void)
{
    lock_take(lock_of(LOCK_THREADS));
    lock_keep(true);
    const uint32_t count = lock_is_broken() ? 0 : vector_clock_slots();
    for (uint32_t i = 1; i < count; i++)
        if (threads[i].life == LIFE_LIVE && threads[i].me)
            thread_record_accesses(i);
    lock_keep(false);
    lock_release(lock_of(LOCK_THREADS));
}

/* Counts what the calling thread did for the slot. The caller has LOCK_THREADS. */
static void leave_slot(uint32_t slot)
{
    if (!slot || threads[slot].me != &state_me) /* it runs elsewhere by now */
        return;
    thread_record_accesses(slot);
    threads[slot].me = NULL;
}

void thread_switch(uint32_t slot)
{
    struct me *const me = &state_me;
    if (me->tag == TAG_STRANGER)
        return;
    if (!me->own_slot)
        me->own_slot = me->slot;
    lock_take(lock_of(LOCK_THREADS));
    leave_slot(me->slot);
    me->slot = slot ? slot : me->own_slot;
    threads[me->slot].known = me->accesses;
    threads[me->slot].known_allocations = me->allocations;
    threads[me->slot].me = me;
    me->tag = vector_clock_tag(me->slot);
    lock_release(lock_of(LOCK_THREADS));
}

unsigned thread_active(void)
{
    enum { SOME = 64 }; /* those that end a burst are not counted */
    unsigned active = 0;
    lock_take(lock_of(LOCK_THREADS));
    const uint32_t count = vector_clock_slots();
    for (uint32_t i = 1; i < count; i++)
        if (threads[i].life == LIFE_LIVE && threads[i].me)
            active +=
                __atomic_load_n(&threads[i].me->accesses, __ATOMIC_RELAXED) - threads[i].known >
                SOME;
    lock_release(lock_of(LOCK_THREADS));
    return active;
}
