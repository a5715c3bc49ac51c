/* SPDX-License-Identifier: MIT
 * Threads are created, joined and detached, and meet at barriers: the calls that divide their work
 * into phases. Processes end. */
#include "runtime/base/real_libc.h"
#include "runtime/base/recording.h"
#include "runtime/helper_thread.h"
#include "runtime/inside.h"
#include "runtime/intercept/memory.h"
#include "runtime/lifecycle.h"
#include "runtime/thread.h"
#include "runtime/tier1.h"
#include "runtime/vector_clock.h"

#include <errno.h>
#include <threads.h>

/* What a new thread will do, from its creation until it has begun. */
struct start {
    void *(*run)(void *);
    int (*run_c11)(void *);
    void *argument;
    size_t stack_bytes;
};
static struct start starts[SLOTS + 1];

/* When a thread begins, and when it ends: libc gives its stack to the next thread or unmaps it,
 * which is not seen. Little of a stack was touched, and to forget the rest costs nothing. */
static void forget_stack(uint32_t slot)
{
    const struct record_thread *entry = recording_thread(slot);
    if (entry->stack_high)
        memory_forget(entry->stack_low, entry->stack_high - entry->stack_low);
}

__attribute__((constructor(101))) static void forget_stacks(void)
{
    thread_at_end(forget_stack);
}

static size_t stack_bytes(const pthread_attr_t *attributes)
{
    pthread_attr_t usual;
    size_t bytes = 0;
    if (attributes) {
        pthread_attr_getstacksize(attributes, &bytes);
    } else {
        pthread_attr_init(&usual);
        pthread_attr_getstacksize(&usual, &bytes);
        pthread_attr_destroy(&usual);
    }
    return bytes;
}

static void enter_thread(uint32_t slot)
{
    const int before = errno;
    state_me.inside = INSIDE;
    thread_begin(slot, starts[slot].stack_bytes);
    forget_stack(slot);
    inside_leave();
    errno = before;
}

static void *run_thread(void *slot)
{
    const struct start start = starts[(uintptr_t)slot];
    enter_thread((uint32_t)(uintptr_t)slot);
    return start.run(start.argument);
}

static int run_thread_c11(void *slot)
{
    const struct start start = starts[(uintptr_t)slot];
    enter_thread((uint32_t)(uintptr_t)slot);
    return start.run_c11(start.argument);
}

static uint32_t prepare_thread(
    const struct start *start, uintptr_t entry, uintptr_t pc, uintptr_t frame)
{
    if (!inside_enter())
        return 0;
    const int before = errno;
    const uint32_t slot = helper_start() ? thread_prepare(entry, pc, frame) : 0;
    if (slot)
        starts[slot] = *start;
    errno = before;
    return slot;
}

static void finish_create(uint32_t slot, const uintptr_t *id, bool detached)
{
    if (slot && !id)
        thread_abandon(slot);
    if (slot && id)
        thread_set_id(slot, *id);
    if (slot && id && detached)
        thread_detached(slot);
}

static bool is_detached(const pthread_attr_t *attributes)
{
    int state = PTHREAD_CREATE_JOINABLE;
    if (attributes)
        pthread_attr_getdetachstate(attributes, &state);
    return state == PTHREAD_CREATE_DETACHED;
}

/* What libc allocates for the thread is not the program's: the caller is inside until it returns.
 */
REPLACE(int, pthread_create, pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
    void *argument)
{
    const struct start start = {
        .run = run, .argument = argument, .stack_bytes = stack_bytes(attributes)};
    const bool outside = !state_me.inside && state_is_ready();
    const uint32_t slot =
        prepare_thread(&start, (uintptr_t)run, CALLER, (uintptr_t)__builtin_frame_address(0));
    const bool detached = slot && is_detached(attributes);
    const int failed =
        slot ? NEXT(pthread_create)(id, attributes, run_thread, (void *)(uintptr_t)slot)
             : NEXT(pthread_create)(id, attributes, run, argument);
    finish_create(slot, failed ? NULL : id, detached);
    if (outside)
        inside_leave();
    return failed;
}

REPLACE(int, thrd_create, thrd_t *id, thrd_start_t run, void *argument)
{
    const struct start start = {
        .run_c11 = run, .argument = argument, .stack_bytes = stack_bytes(NULL)};
    const bool outside = !state_me.inside && state_is_ready();
    const uint32_t slot =
        prepare_thread(&start, (uintptr_t)run, CALLER, (uintptr_t)__builtin_frame_address(0));
    const int status = slot ? NEXT(thrd_create)(id, run_thread_c11, (void *)(uintptr_t)slot)
                            : NEXT(thrd_create)(id, run, argument);
    finish_create(slot, status == thrd_success ? id : NULL, false);
    if (outside)
        inside_leave();
    return status;
}

/* Before the real join: after it, the id may be another thread's. */
static uint32_t claim_thread(uintptr_t id)
{
    if (!inside_enter())
        return 0;
    const uint32_t slot = thread_claim(id);
    inside_leave();
    return slot;
}

static void finish_join(uint32_t slot, bool done)
{
    if (!done || !inside_enter())
        return;
    thread_joined(slot);
    inside_leave();
}

/* thrd_success is 0, too. */
#define JOIN(name, arguments, ...)                                                                 \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        const uint32_t slot = claim_thread(id);                                                    \
        const int failed = NEXT(name) arguments;                                                   \
        finish_join(slot, !failed);                                                                \
        return failed;                                                                             \
    }
JOIN(pthread_join, (id, result), pthread_t id, void **result)
JOIN(pthread_tryjoin_np, (id, result), pthread_t id, void **result)
JOIN(pthread_timedjoin_np, (id, result, until), pthread_t id, void **result,
    const struct timespec *until)
JOIN(pthread_clockjoin_np, (id, result, clock, until), pthread_t id, void **result, clockid_t clock,
    const struct timespec *until)
JOIN(thrd_join, (id, result), thrd_t id, int *result)
#undef JOIN

static void detach_thread(uintptr_t id)
{
    if (inside_enter()) {
        thread_detached(thread_find(id));
        inside_leave();
    }
}

#define DETACH(name, type)                                                                         \
    REPLACE(int, name, type id)                                                                    \
    {                                                                                              \
        detach_thread(id);                                                                         \
        return NEXT(name)(id);                                                                     \
    }
DETACH(pthread_detach, pthread_t)
DETACH(thrd_detach, thrd_t)
#undef DETACH

enum { BARRIER_BYTES = 20 }; /* glibc, struct pthread_barrier without its padding */

static struct round *arrive_at_barrier(pthread_barrier_t *barrier, uintptr_t pc)
{
    tier1_range((uintptr_t)barrier, BARRIER_BYTES, RECORD_WRITE | RECORD_SYNC, pc);
    if (!inside_enter())
        return NULL;
    struct round *round = vector_clock_barrier_arrive((uintptr_t)barrier);
    inside_leave();
    return round;
}

REPLACE(int, pthread_barrier_wait, pthread_barrier_t *barrier)
{
    struct round *round = arrive_at_barrier(barrier, CALLER);
    const int status = NEXT(pthread_barrier_wait)(barrier);
    if (round && inside_enter()) {
        vector_clock_acquire(round);
        inside_leave();
    }
    return status;
}

static void set_barrier(pthread_barrier_t *barrier, unsigned count)
{
    if (inside_enter()) {
        vector_clock_barrier_init((uintptr_t)barrier, count);
        inside_leave();
    }
}

REPLACE(int, pthread_barrier_init, pthread_barrier_t *barrier,
    const pthread_barrierattr_t *attributes, unsigned count)
{
    const int failed = NEXT(pthread_barrier_init)(barrier, attributes, count);
    if (!failed)
        set_barrier(barrier, count);
    return failed;
}

REPLACE(int, pthread_barrier_destroy, pthread_barrier_t *barrier)
{
    set_barrier(barrier, 0);
    return NEXT(pthread_barrier_destroy)(barrier);
}

/* These run no destructors, so that at_end would not be called. */
#define END(name)                                                                                  \
    REAL(void, name, int)                                                                          \
    void OURS(name)(int status);                                                                   \
    PUBLIC __attribute__((weak, noreturn)) void OURS(name)(int status)                             \
    {                                                                                              \
        lifecycle_end(RECORD_EXITED);                                                              \
        NEXT(name)(status);                                                                        \
        __builtin_unreachable();                                                                   \
    }
END(_exit)
END(_Exit)
END(quick_exit)
#undef END
