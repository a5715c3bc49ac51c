/* SPDX-License-Identifier: MIT
 * A slot is used again when its thread was joined; that of a thread which ended unjoined only when
 * no other is left, since what it did counts as concurrent with what still runs. */
#include "base/arch/arch.h"
#include "runtime/base/confine.h"
#include "runtime/base/lock.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/real_libc.h"
#include "runtime/base/recording.h"
#include "runtime/base/tag.h"
#include "runtime/inside.h"
#include "runtime/lives.h"
#include "runtime/schedule.h"
#include "runtime/stack.h"
#include "runtime/thread_ask.h"
#include "runtime/thread_internal.h"
#include "runtime/unwind.h"
#include "runtime/vector_clock.h"

#include <limits.h>

enum { MAIN_SLOT = 1 };     /* the first that is adopted */
static int living;          /* threads of the program, main included */
static uint32_t given_back; /* slots, so far */
struct round thread_expected;
static pthread_key_t key;

static uint32_t first_with(enum life life)
{
    const uint32_t count = vector_clock_slots();
    for (uint32_t i = 1; i < count; i++)
        if (threads[i].life == life)
            return i;
    return 0;
}

static uint32_t prepare_slot(void)
{
    lock_take(lock_of(LOCK_THREADS));
    uint32_t slot = first_with(LIFE_JOINED);
    if (!slot && vector_clock_slots() < SLOTS)
        slot = vector_clock_slots();
    if (!slot)
        slot = first_with(LIFE_ENDED);
    if (slot == vector_clock_slots())
        vector_clock_add_slot();
    if (slot) {
        threads[slot] = (struct thread){.life = LIFE_PREPARED};
        if (slot > record->threads.count)
            record->threads.count = slot;
    }
    lock_release(lock_of(LOCK_THREADS));
    return slot;
}

static void begin_life(uint32_t slot)
{
    struct record_thread *entry = recording_thread(slot);
    struct thread *t = &threads[slot];
    lock_take(lock_of(LOCK_THREADS));
    t->id = (uintptr_t)pthread_self();
    t->me = &state_me;
    t->known = state_me.accesses = 0;
    t->known_allocations = state_me.allocations;
    t->life = LIFE_LIVE;
    living++;
    lock_release(lock_of(LOCK_THREADS));
    state_me.slot = slot;
    state_me.tag = vector_clock_tag(slot);
    entry->slot = slot;
    entry->thread_pointer = arch_thread_pointer();
    entry->begin_ns = plain_now_ns();
    entry->end_ns = 0;
    entry->stack_low = entry->stack_high = 0;
    entry->lives++;
    thread_ask_name(entry);
    pthread_setspecific(key, (void *)1);
}

uint32_t thread_prepare(uintptr_t entry, uintptr_t pc, uintptr_t own_frame)
{
    if (state_me.tag == TAG_STRANGER)
        thread_adopt();
    const uint32_t slot = state_me.tag == TAG_STRANGER ? 0 : prepare_slot();
    if (!slot)
        return 0;
    vector_clock_create(state_me.slot, slot);
    lives_begin(vector_clock_tag(slot));
    state_me.tag = vector_clock_tag(state_me.slot);
    recording_thread(slot)->entry = entry;
    unwind_creator(recording_thread(slot), pc, own_frame);
    threads[slot].counted = true;
    __atomic_fetch_add(&record->threads_created, 1, __ATOMIC_RELAXED);
    schedule_change_threads(1);
    confine_begin_calls(); /* for the new thread, until it has begun */
    return slot;
}

void thread_begin(uint32_t slot, size_t stack_bytes)
{
    if (state_me.slot) { /* a signal came first, and the thread was adopted in its handler */
        threads[state_me.slot].detached = true;
        thread_end();
    }
    begin_life(slot);
    thread_ask_stack(recording_thread(slot), stack_bytes);
    confine_end_calls(); /* which its creator has begun */
}

static void uncount_thread(uint32_t slot)
{
    const bool counted = threads[slot].counted;
    threads[slot].counted = false;
    if (counted)
        schedule_change_threads(-1);
}

void thread_set_id(uint32_t slot, uintptr_t id)
{
    lock_take(lock_of(LOCK_THREADS));
    if (threads[slot].life == LIFE_PREPARED)
        threads[slot].id = id;
    lock_release(lock_of(LOCK_THREADS));
}

void thread_abandon(uint32_t slot)
{
    uncount_thread(slot);
    threads[slot].life = LIFE_JOINED;
    confine_end_calls();
}

/* Without a slot it is counted once, and looks again when a slot was given back: to look is far too
 * long for each access. */
static void refuse_thread(uint32_t when)
{
    if (!state_me.refused)
        __atomic_fetch_add(&record->threads.overflowed, 1, __ATOMIC_RELAXED);
    state_me.refused = when;
    state_me.accesses = 0;
}

void thread_adopt(void)
{
    const uint32_t when = 1 + __atomic_load_n(&given_back, __ATOMIC_RELAXED);
    if (state_me.refused == when)
        return;
    const uint32_t slot = prepare_slot();
    if (!slot) {
        refuse_thread(when);
        return;
    }
    vector_clock_step(slot);
    lives_begin(vector_clock_tag(slot));
    begin_life(slot);
    vector_clock_acquire(&thread_expected);
}

static void (*at_end)(uint32_t slot);

void thread_at_end(void (*call)(uint32_t slot))
{
    at_end = call;
}

/* The stack of a thread that libc has created is not known before: in a signal handler, where the
 * thread may have come to the runtime, it cannot be asked for. */
void thread_end(void)
{
    if (state_me.own_slot)
        thread_switch(0);
    const uint32_t slot = state_me.slot;
    if (!slot)
        return;
    struct record_thread *entry = recording_thread(slot);
    struct thread *t = &threads[slot];
    if (!entry->stack_high)
        thread_ask_stack(entry, 0);
    if (at_end)
        at_end(slot);
    lock_take(lock_of(LOCK_THREADS));
    thread_record_accesses(slot);
    t->me = NULL;
    t->life = LIFE_ENDED;
    given_back++;
    living--;
    const bool detached = t->detached;
    if (detached)
        t->id = 0; /* the next thread may have it */
    lock_release(lock_of(LOCK_THREADS));
    thread_ask_time(entry);
    state_me.slot = 0;
    state_me.tag = TAG_STRANGER;
    state_me.inside = INSIDE; /* what still runs in the thread is libc's */
    if (detached)
        uncount_thread(slot);
}

/* The last of the destructors of thread-specific data: those of the program are seen. The thread
 * may have been cancelled inside the runtime. Its end is noted even when nothing is seen any more,
 * since the helper looks at the counts of all threads that have not ended. */
static void end_by_destructor(void *round)
{
    const uintptr_t n = (uintptr_t)round;
    inside_escape();
    if (n < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(key, (void *)(n + 1));
        return;
    }
    state_me.inside = INSIDE;
    thread_end();
}

/* A thread that was joined has its id until its joiner runs again, while a new thread may already
 * have the same: one that no thread has claimed goes before. */
uint32_t thread_find(uintptr_t id)
{
    const uint32_t count = vector_clock_slots();
    uint32_t found = 0;
    for (uint32_t i = 1; i < count && !(found && threads[found].joiner == 0); i++)
        if (threads[i].id == id && threads[i].life != LIFE_NONE && threads[i].life != LIFE_JOINED)
            found = i;
    return found;
}

uint32_t thread_claim(uintptr_t id)
{
    lock_take(lock_of(LOCK_THREADS));
    const uint32_t slot = thread_find(id);
    if (slot)
        threads[slot].joiner = lock_owner();
    lock_release(lock_of(LOCK_THREADS));
    return slot;
}

void thread_joined(uint32_t slot)
{
    if (!slot || state_me.tag == TAG_STRANGER)
        return;
    if (__atomic_load_n(&threads[slot].joiner, __ATOMIC_RELAXED) != lock_owner())
        return; /* the slot is another thread's by now */
    vector_clock_join(state_me.slot, slot);
    vector_clock_step(state_me.slot);
    state_me.tag = vector_clock_tag(state_me.slot);
    uncount_thread(slot);
    lock_take(lock_of(LOCK_THREADS));
    threads[slot].id = 0;
    threads[slot].life = LIFE_JOINED;
    lives_end(slot);
    given_back++;
    lock_release(lock_of(LOCK_THREADS));
}

void thread_detached(uint32_t slot)
{
    if (!slot)
        return;
    lock_take(lock_of(LOCK_THREADS));
    const bool ended = threads[slot].life == LIFE_ENDED;
    threads[slot].detached = true;
    if (ended)
        threads[slot].id = 0;
    lock_release(lock_of(LOCK_THREADS));
    if (ended)
        uncount_thread(slot);
}

bool thread_none(void)
{
    return __atomic_load_n(&living, __ATOMIC_ACQUIRE) == 0;
}

/* A thread that begins an epoch at this moment may keep the tag of the one before: then a few of
 * its accesses count as earlier. */
void thread_begin_phase(void)
{
    const uint32_t count = vector_clock_slots();
    lock_take(lock_of(LOCK_THREADS));
    for (uint32_t i = 1; i < count; i++) {
        vector_clock_pass(i);
        if (threads[i].me)
            __atomic_store_n(&threads[i].me->tag, vector_clock_tag(i), __ATOMIC_RELAXED);
    }
    lock_release(lock_of(LOCK_THREADS));
}

uint32_t thread_of_stack(uintptr_t address)
{
    const uint32_t count = vector_clock_slots();
    for (uint32_t i = 1; i < count; i++)
        if (threads[i].life == LIFE_LIVE && address >= recording_thread(i)->stack_low &&
            address < recording_thread(i)->stack_high)
            return i;
    return 0;
}

void thread_fork(void)
{
    const uint32_t mine = state_me.slot, count = vector_clock_slots();
    for (uint32_t i = 1; i < count; i++)
        if (i != mine && threads[i].life != LIFE_NONE)
            threads[i] = (struct thread){.life = LIFE_JOINED};
    living = 0;
    for (unsigned i = 0; i < NEAR; i++)
        state_me.near[i].touch = NULL; /* of the parent's recording */
    state_me.locked_count = 0;
    if (mine) {
        threads[mine].counted = false;
        record->threads.count = mine;
        begin_life(mine);
        if (mine == MAIN_SLOT)
            thread_ask_main_stack(recording_thread(mine));
        else
            thread_ask_stack(recording_thread(mine), 0);
    }
}

bool thread_init(void)
{
    threads = plain_map(sizeof *threads * (SLOTS + 1));
    if (!threads || !lives_init() || pthread_key_create(&key, end_by_destructor) != 0)
        return false;
    thread_adopt();
    thread_ask_main_stack(recording_thread(MAIN_SLOT));
    return true;
}
