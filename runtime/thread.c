/* SPDX-License-Identifier: MIT
 * Thread slots: who has which, from create to join. A slot is used again when its thread was
 * joined; of one that ended unjoined only when no other is left, since what it did counts as
 * concurrent with what still runs. */
#include "runtime/access.h"
#include "runtime/real_libc.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

enum life { LIFE_NONE, LIFE_PREPARED, LIFE_LIVE, LIFE_ENDED, LIFE_JOINED };
struct thread {
    uintptr_t id; /* pthread_t */
    struct me *me;
    uint32_t life;
    uint32_t joiner; /* access_id of who joins it; 0 */
    bool detached, counted;
    uint64_t known; /* of me->accesses: in the record */
};
static struct thread *threads;
static uint32_t slots = 1; /* used so far, and 0 */
static int living;         /* threads of the program, main included */
static pthread_key_t key;
extern void *__libc_stack_end; /* set by the dynamic linker (glibc, rtld.c) */

uint32_t thread_slots(void)
{
    return __atomic_load_n(&slots, __ATOMIC_ACQUIRE);
}

static uint32_t first_with(enum life life)
{
    for (uint32_t i = 1; i < slots; i++)
        if (threads[i].life == life)
            return i;
    return 0;
}

static uint32_t take(void)
{
    access_lock(&access_locks[LOCK_THREADS].word);
    uint32_t slot = first_with(LIFE_JOINED);
    if (!slot && slots < SLOTS)
        slot = slots;
    if (!slot)
        slot = first_with(LIFE_ENDED);
    if (slot == slots)
        __atomic_store_n(&slots, slot + 1, __ATOMIC_RELEASE);
    if (slot) {
        threads[slot] = (struct thread){.life = LIFE_PREPARED};
        if (slot > record->threads.count)
            record->threads.count = slot;
    } else {
        record->threads.overflowed++;
    }
    access_unlock(&access_locks[LOCK_THREADS].word);
    return slot;
}

/* Entry 0 of the table is slot 1. */
static struct record_thread *entry_of(uint32_t slot)
{
    return &record_threads[slot - 1];
}

static void know_stack(uint32_t slot)
{
    struct record_thread *entry = entry_of(slot);
    pthread_attr_t attributes;
    void *low;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
        entry->stack_low = (uintptr_t)low;
        entry->stack_high = (uintptr_t)low + size;
    }
    pthread_attr_destroy(&attributes);
}

/* Without pthread_getattr_np, which reads /proc. */
static void know_main_stack(void)
{
    struct rlimit limit;
    struct record_thread *entry = entry_of(1);
    uint64_t size = 8u << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < 1u << 30)
        size = limit.rlim_cur;
    entry->stack_high = ((uintptr_t)__libc_stack_end | 0xfff) + 1;
    entry->stack_low = entry->stack_high - size;
}

static void begin(uint32_t slot)
{
    struct record_thread *entry = entry_of(slot);
    struct thread *t = &threads[slot];
    access_lock(&access_locks[LOCK_THREADS].word);
    t->id = (uintptr_t)pthread_self();
    t->me = &access_me;
    t->known = access_me.accesses = 0;
    t->life = LIFE_LIVE;
    living++;
    access_unlock(&access_locks[LOCK_THREADS].word);
    access_me.slot = slot;
    access_me.tag = vector_clock_tag(slot);
    entry->slot = slot;
    entry->tid = (uint32_t)syscall(SYS_gettid);
    entry->thread_pointer = (uintptr_t)__builtin_thread_pointer();
    entry->begin_ns = record_now_ns();
    entry->end_ns = 0;
    entry->lives++;
    prctl(PR_GET_NAME, entry->name);
    pthread_setspecific(key, (void *)1);
}

/* Where the creator's locals lie is kept as well: a thread often works on them. */
static void know_creator(struct record_thread *t, uintptr_t pc, uintptr_t own_frame)
{
    if (unwind_creator(t, pc))
        return;
    t->called_at = own_frame + 2 * sizeof own_frame;
    t->frames = stack_walk(pc, *(uintptr_t *)own_frame, t->created_at, t->frame_at);
}

uint32_t thread_prepare(uintptr_t entry, uintptr_t pc, uintptr_t own_frame)
{
    if (!burst_start())
        return 0;
    if (access_me.tag == TAG_STRANGER)
        thread_adopt();
    const uint32_t slot = access_me.tag == TAG_STRANGER ? 0 : take();
    if (!slot)
        return 0;
    vector_clock_create(access_me.slot, slot);
    access_me.tag = vector_clock_tag(access_me.slot);
    entry_of(slot)->entry = entry;
    know_creator(entry_of(slot), pc, own_frame);
    threads[slot].counted = true;
    __atomic_fetch_add(&record->threads_created, 1, __ATOMIC_RELAXED);
    burst_others(1);
    return slot;
}

void thread_begin(uint32_t slot)
{
    if (access_me.slot) { /* a signal came first, and its handler was given one */
        threads[access_me.slot].detached = true;
        thread_end();
    }
    begin(slot);
    know_stack(slot);
    /* What lay there was an earlier thread's. */
    const struct record_thread *entry = entry_of(slot);
    if (entry->stack_high)
        shadow_forget(entry->stack_low, entry->stack_high - entry->stack_low);
}

static void uncount(uint32_t slot)
{
    const bool counted = threads[slot].counted;
    threads[slot].counted = false;
    if (counted)
        burst_others(-1);
}

void thread_name(uint32_t slot, uintptr_t id)
{
    access_lock(&access_locks[LOCK_THREADS].word);
    if (threads[slot].life == LIFE_PREPARED)
        threads[slot].id = id;
    access_unlock(&access_locks[LOCK_THREADS].word);
}

void thread_abandon(uint32_t slot)
{
    uncount(slot);
    threads[slot].life = LIFE_JOINED;
}

void thread_adopt(void)
{
    const uint32_t slot = take();
    if (!slot) {
        access_me.accesses = 0;
        return;
    }
    vector_clock_step(slot);
    begin(slot);
}

static uint64_t cpu_ns(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* With the lock. Only the thread itself writes its count: taking it away from under its hands
 * would at times count all of it twice. */
static void take_count(uint32_t slot)
{
    struct thread *t = &threads[slot];
    const uint64_t now = __atomic_load_n(&t->me->accesses, __ATOMIC_RELAXED);
    entry_of(slot)->accesses += now - t->known;
    __atomic_fetch_add(&record->accesses, now - t->known, __ATOMIC_RELAXED);
    t->known = now;
}

void thread_end(void)
{
    const uint32_t slot = access_me.slot;
    if (!slot)
        return;
    struct record_thread *entry = entry_of(slot);
    access_lock(&access_locks[LOCK_THREADS].word);
    struct thread *t = &threads[slot];
    take_count(slot);
    t->me = NULL;
    t->life = LIFE_ENDED;
    living--;
    const bool detached = t->detached;
    if (detached)
        t->id = 0; /* the next thread may have it */
    access_unlock(&access_locks[LOCK_THREADS].word);
    entry->cpu_ns += cpu_ns(CLOCK_THREAD_CPUTIME_ID);
    entry->end_ns = record_now_ns();
    prctl(PR_GET_NAME, entry->name);
    access_me.slot = 0;
    access_me.tag = TAG_STRANGER;
    access_me.inside = INSIDE; /* what still runs in it is libc's */
    if (detached)
        uncount(slot);
}

/* The last of the destructors of thread-specific data: those of the program are watched. The thread
 * may have been cancelled inside the runtime. It has to leave even when nothing is seen any more:
 * the helper looks at those that have not. */
static void destroy(void *round)
{
    const uintptr_t n = (uintptr_t)round;
    access_escape();
    if (n < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(key, (void *)(n + 1));
        return;
    }
    access_me.inside = INSIDE;
    thread_end();
}

/* One that was joined has its id until the joiner runs again, while a new thread may have got the
 * same: the one that nobody joins yet goes before. */
uint32_t thread_find(uintptr_t id)
{
    const uint32_t count = thread_slots();
    uint32_t found = 0;
    for (uint32_t i = 1; i < count && !(found && threads[found].joiner == 0); i++)
        if (threads[i].id == id && threads[i].life != LIFE_NONE && threads[i].life != LIFE_JOINED)
            found = i;
    return found;
}

uint32_t thread_claim(uintptr_t id)
{
    access_lock(&access_locks[LOCK_THREADS].word);
    const uint32_t slot = thread_find(id);
    if (slot)
        threads[slot].joiner = access_id();
    access_unlock(&access_locks[LOCK_THREADS].word);
    return slot;
}

void thread_joined(uint32_t slot)
{
    if (!slot || access_me.tag == TAG_STRANGER)
        return;
    if (__atomic_load_n(&threads[slot].joiner, __ATOMIC_RELAXED) != access_id())
        return; /* by now it is another's */
    vector_clock_join(access_me.slot, slot);
    vector_clock_step(access_me.slot);
    access_me.tag = vector_clock_tag(access_me.slot);
    uncount(slot);
    access_lock(&access_locks[LOCK_THREADS].word);
    threads[slot].id = 0;
    threads[slot].life = LIFE_JOINED;
    access_unlock(&access_locks[LOCK_THREADS].word);
}

void thread_detached(uint32_t slot)
{
    if (!slot)
        return;
    access_lock(&access_locks[LOCK_THREADS].word);
    const bool ended = threads[slot].life == LIFE_ENDED;
    threads[slot].detached = true;
    if (ended)
        threads[slot].id = 0;
    access_unlock(&access_locks[LOCK_THREADS].word);
    if (ended)
        uncount(slot);
}

bool thread_none(void)
{
    return __atomic_load_n(&living, __ATOMIC_ACQUIRE) == 0;
}

void thread_refresh(void)
{
    access_lock(&access_locks[LOCK_THREADS].word);
    for (uint32_t i = 1; i < slots; i++)
        if (threads[i].life == LIFE_LIVE && threads[i].me)
            take_count(i);
    access_unlock(&access_locks[LOCK_THREADS].word);
}

uint32_t thread_of_stack(uintptr_t address)
{
    const uint32_t count = thread_slots();
    for (uint32_t i = 1; i < count; i++)
        if (threads[i].life == LIFE_LIVE && address >= entry_of(i)->stack_low &&
            address < entry_of(i)->stack_high)
            return i;
    return 0;
}

void thread_fork(void)
{
    const uint32_t mine = access_me.slot;
    for (uint32_t i = 1; i < slots; i++)
        if (i != mine && threads[i].life != LIFE_NONE)
            threads[i] = (struct thread){.life = LIFE_JOINED};
    living = 0;
    for (unsigned i = 0; i < NEAR; i++)
        access_me.near[i].touch = NULL; /* of the parent's record */
    if (mine) {
        threads[mine].counted = false;
        record->threads.count = mine;
        begin(mine);
    }
}

bool thread_init(void)
{
    threads = access_map(sizeof *threads * (SLOTS + 1));
    if (!threads || pthread_key_create(&key, destroy) != 0)
        return false;
    thread_adopt();
    know_main_stack();
    return true;
}
