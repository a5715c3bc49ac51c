/* SPDX-License-Identifier: MIT
 * What C++'s barriers, latches and semaphores report (cxx/numaprobe_order.h). */
#include "runtime/baton.h"
#include "runtime/inside.h"
#include "runtime/vector_clock.h"

#include <errno.h>
#include <stddef.h>

EXPORT(void, numaprobe_barrier_make, const void *barrier, long threads)
{
    if (inside_enter()) {
        vector_clock_barrier_init((uintptr_t)barrier, (unsigned)threads);
        inside_leave();
    }
}

EXPORT(void *, numaprobe_barrier_come, const void *barrier)
{
    if (!inside_enter())
        return NULL;
    const int before = errno;
    struct round *round = vector_clock_barrier_arrive((uintptr_t)barrier);
    errno = before;
    inside_leave();
    return round;
}

EXPORT(void, numaprobe_barrier_go_on, void *round)
{
    if (round)
        vector_clock_acquire(round);
}

EXPORT(void, numaprobe_baton_make, const void *baton)
{
    if (inside_enter()) {
        baton_forget((uintptr_t)baton);
        inside_leave();
    }
}

static void with_baton(void (*act)(uintptr_t, enum baton_kind), const void *baton, int kind)
{
    static const enum baton_kind kinds[] = {BATON_SEMAPHORE, BATON_LATCH}; /* numaprobe_baton */
    if (!inside_enter())
        return;
    const int before = errno;
    act((uintptr_t)baton, kinds[kind]);
    errno = before;
    inside_leave();
}

EXPORT(void, numaprobe_baton_pass, const void *baton, int kind)
{
    with_baton(baton_pass, baton, kind);
}

EXPORT(void, numaprobe_baton_receive, const void *baton, int kind)
{
    with_baton(baton_receive, baton, kind);
}
