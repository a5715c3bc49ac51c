/* SPDX-License-Identifier: MIT
 * What C++'s barriers, latches and semaphores report (cxx/numaprobe_order.h). */
#include "runtime/baton.h"
#include "runtime/inside.h"
#include "runtime/vector_clock.h"

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
    struct round *round = vector_clock_barrier_arrive((uintptr_t)barrier);
    inside_leave();
    return round;
}

EXPORT(void, numaprobe_barrier_go_on, void *round)
{
    if (round)
        vector_clock_acquire(round);
}

static const enum baton_kind kinds[] = {BATON_SEMAPHORE, BATON_LATCH}; /* numaprobe_baton */

EXPORT(void, numaprobe_baton_make, const void *baton)
{
    baton_forget(baton);
}

EXPORT(void, numaprobe_baton_pass, const void *baton, int kind)
{
    baton_pass(baton, kinds[kind]);
}

EXPORT(void, numaprobe_baton_receive, const void *baton, int kind)
{
    baton_receive(baton, kinds[kind]);
}
