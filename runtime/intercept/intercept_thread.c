/* SPDX-License-Identifier: MIT
 * Threads and processes: created, joined, ended. Also what only create, join and barrier do: tell
 * one phase from another. */
#include "runtime/real_libc.h"

#include <errno.h>
#include <threads.h>
#include <time.h>

REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *), void *)
REAL(int, pthread_join, pthread_t, void **)
REAL(int, pthread_tryjoin_np, pthread_t, void **)
REAL(int, pthread_timedjoin_np, pthread_t, void **, const struct timespec *)
REAL(int, pthread_clockjoin_np, pthread_t, void **, clockid_t, const struct timespec *)
REAL(int, pthread_detach, pthread_t)
REAL(int, thrd_create, thrd_t *, thrd_start_t, void *)
REAL(int, thrd_join, thrd_t, int *)
REAL(int, thrd_detach, thrd_t)
REAL(int, pthread_barrier_init, pthread_barrier_t *, const pthread_barrierattr_t *, unsigned)
REAL(int, pthread_barrier_wait, pthread_barrier_t *)
REAL(int, pthread_barrier_destroy, pthread_barrier_t *)
REAL(void, _exit, int)
REAL(void, _Exit, int)
REAL(void, quick_exit, int)

/* What a new thread is to do, until it has begun. */
struct start {
    void *(*run)(void *);
    int (*run_c11)(void *);
    void *argument;
};
static struct start starts[SLOTS + 1];

static void enter_thread(uint32_t slot)
{
    const int before = errno;
    access_me.inside = INSIDE;
    thread_begin(slot);
    access_leave();
    errno = before;
}

static void *begin(void *slot)
{
    const struct start start = starts[(uintptr_t)slot];
    enter_thread((uint32_t)(uintptr_t)slot);
    return start.run(start.argument);
}

static int begin_c11(void *slot)
{
    const struct start start = starts[(uintptr_t)slot];
    enter_thread((uint32_t)(uintptr_t)slot);
    return start.run_c11(start.argument);
}

static uint32_t prepare(const struct start *start, uintptr_t entry, uintptr_t pc, uintptr_t frame)
{
    if (!access_enter())
        return 0;
    const int before = errno;
    const uint32_t slot = thread_prepare(entry, pc, frame);
    if (slot)
        starts[slot] = *start;
    errno = before;
    return slot;
}

static void prepared(uint32_t slot, const uintptr_t *id, bool detached)
{
    if (slot && !id)
        thread_abandon(slot);
    if (slot && id)
        thread_name(slot, *id);
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

/* What libc allocates for the thread is not the program's: inside all the way. */
int OURS(pthread_create)(
    pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);
INTERPOSE int OURS(pthread_create)(
    pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)
{
    const struct start start = {.run = run, .argument = argument};
    const bool outside = !access_me.inside && access_ready();
    const uint32_t slot =
        prepare(&start, (uintptr_t)run, CALLER, (uintptr_t)__builtin_frame_address(0));
    const bool detached = slot && is_detached(attributes);
    const int failed = slot ? NEXT(pthread_create)(id, attributes, begin, (void *)(uintptr_t)slot)
                            : NEXT(pthread_create)(id, attributes, run, argument);
    prepared(slot, failed ? NULL : id, detached);
    if (outside)
        access_leave();
    return failed;
}

int OURS(thrd_create)(thrd_t *id, thrd_start_t run, void *argument);
INTERPOSE int OURS(thrd_create)(thrd_t *id, thrd_start_t run, void *argument)
{
    const struct start start = {.run_c11 = run, .argument = argument};
    const bool outside = !access_me.inside && access_ready();
    const uint32_t slot =
        prepare(&start, (uintptr_t)run, CALLER, (uintptr_t)__builtin_frame_address(0));
    const int status = slot ? NEXT(thrd_create)(id, begin_c11, (void *)(uintptr_t)slot)
                            : NEXT(thrd_create)(id, run, argument);
    prepared(slot, status == thrd_success ? id : NULL, false);
    if (outside)
        access_leave();
    return status;
}

/* Before the real join: after it, the id may be another thread's. */
static uint32_t to_join(uintptr_t id)
{
    if (!access_enter())
        return 0;
    const uint32_t slot = thread_claim(id);
    access_leave();
    return slot;
}

static void joined(uint32_t slot, bool done)
{
    if (!done || !access_enter())
        return;
    thread_joined(slot);
    access_leave();
}

int OURS(pthread_join)(pthread_t id, void **result);
INTERPOSE int OURS(pthread_join)(pthread_t id, void **result)
{
    const uint32_t slot = to_join(id);
    const int failed = NEXT(pthread_join)(id, result);
    joined(slot, !failed);
    return failed;
}

int OURS(pthread_tryjoin_np)(pthread_t id, void **result);
INTERPOSE int OURS(pthread_tryjoin_np)(pthread_t id, void **result)
{
    const uint32_t slot = to_join(id);
    const int failed = NEXT(pthread_tryjoin_np)(id, result);
    joined(slot, !failed);
    return failed;
}

int OURS(pthread_timedjoin_np)(pthread_t id, void **result, const struct timespec *until);
INTERPOSE int OURS(pthread_timedjoin_np)(pthread_t id, void **result, const struct timespec *until)
{
    const uint32_t slot = to_join(id);
    const int failed = NEXT(pthread_timedjoin_np)(id, result, until);
    joined(slot, !failed);
    return failed;
}

int OURS(pthread_clockjoin_np)(
    pthread_t id, void **result, clockid_t clock, const struct timespec *until);
INTERPOSE int OURS(pthread_clockjoin_np)(
    pthread_t id, void **result, clockid_t clock, const struct timespec *until)
{
    const uint32_t slot = to_join(id);
    const int failed = NEXT(pthread_clockjoin_np)(id, result, clock, until);
    joined(slot, !failed);
    return failed;
}

int OURS(thrd_join)(thrd_t id, int *result);
INTERPOSE int OURS(thrd_join)(thrd_t id, int *result)
{
    const uint32_t slot = to_join(id);
    const int status = NEXT(thrd_join)(id, result);
    joined(slot, status == thrd_success);
    return status;
}

static void detach(uintptr_t id)
{
    if (access_enter()) {
        thread_detached(thread_find(id));
        access_leave();
    }
}

int OURS(pthread_detach)(pthread_t id);
INTERPOSE int OURS(pthread_detach)(pthread_t id)
{
    detach(id);
    return NEXT(pthread_detach)(id);
}

int OURS(thrd_detach)(thrd_t id);
INTERPOSE int OURS(thrd_detach)(thrd_t id)
{
    detach(id);
    return NEXT(thrd_detach)(id);
}

enum { BARRIER_BYTES = 20 }; /* glibc, struct pthread_barrier without its padding */

static void *arrive(pthread_barrier_t *barrier, uintptr_t pc)
{
    access_range((uintptr_t)barrier, BARRIER_BYTES, RECORD_WRITE | RECORD_SYNC, pc);
    if (!access_enter())
        return NULL;
    void *round = vector_clock_barrier_arrive((uintptr_t)barrier);
    access_leave();
    return round;
}

int OURS(pthread_barrier_wait)(pthread_barrier_t *barrier);
INTERPOSE int OURS(pthread_barrier_wait)(pthread_barrier_t *barrier)
{
    void *round = arrive(barrier, CALLER);
    const int status = NEXT(pthread_barrier_wait)(barrier);
    if (round && access_enter()) {
        vector_clock_barrier_leave(round);
        access_leave();
    }
    return status;
}

static void set_barrier(pthread_barrier_t *barrier, unsigned count)
{
    if (access_enter()) {
        vector_clock_barrier_init((uintptr_t)barrier, count);
        access_leave();
    }
}

int OURS(pthread_barrier_init)(
    pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned count);
INTERPOSE int OURS(pthread_barrier_init)(
    pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned count)
{
    const int failed = NEXT(pthread_barrier_init)(barrier, attributes, count);
    if (!failed)
        set_barrier(barrier, count);
    return failed;
}

int OURS(pthread_barrier_destroy)(pthread_barrier_t *barrier);
INTERPOSE int OURS(pthread_barrier_destroy)(pthread_barrier_t *barrier)
{
    set_barrier(barrier, 0);
    return NEXT(pthread_barrier_destroy)(barrier);
}

/* Without destructors, so that ours would not run. */
#define END(name)                                                                                  \
    void OURS(name)(int status);                                                                   \
    INTERPOSE __attribute__((noreturn)) void OURS(name)(int status)                                \
    {                                                                                              \
        record_end(RECORD_EXITED);                                                                 \
        NEXT(name)(status);                                                                        \
        __builtin_unreachable();                                                                   \
    }
END(_exit)
END(_Exit)
END(quick_exit)
#undef END

static void in_child(void)
{
    if (!access_ready())
        return;
    const int before = errno;
    const uintptr_t inside = access_me.inside; /* a signal handler may fork */
    access_me.inside = INSIDE;
    access_fork();
    burst_fork();
    record_fork();
    thread_fork();
    access_me.inside = inside;
    errno = before;
}

__attribute__((constructor(102))) static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, in_child);
}
