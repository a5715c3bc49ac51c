/* SPDX-License-Identifier: MIT
 * The locks of a thread, as bits that every access is marked with. */
#include "runtime/intercept/program_locks.h"

#include "base/record.h"
#include "runtime/base/state.h"
#include "runtime/bias.h"

enum { MOST = 16 }; /* more are not known */
static _Thread_local struct had {
    volatile const void *at;
    bool alone;
} had[MOST] INITIAL_EXEC;
static _Thread_local unsigned count INITIAL_EXEC;

static void update_bits(void)
{
    uint32_t any = 0, alone = 0;
    for (unsigned i = 0; i < count; i++) {
        const uint32_t bits = record_lock_bits((uintptr_t)had[i].at);
        any |= bits;
        alone |= had[i].alone ? bits : 0;
    }
    state_me.locks[0] = any;
    state_me.locks[1] = alone;
}

/* Its place among them, counted from 1, the latest one; 0: it is not there. */
static unsigned place_of(volatile const void *at)
{
    unsigned i = count;
    while (i > 0 && had[i - 1].at != at)
        i--;
    return i;
}

void program_locks_take(volatile const void *at, bool alone)
{
    if (count < MOST)
        had[count++] = (struct had){at, alone};
    update_bits();
}

void program_locks_give(volatile const void *at)
{
    if (state_me.locked_count)
        bias_end_locked();
    unsigned i = place_of(at);
    if (i == 0)
        return;
    for (count--; i <= count; i++)
        had[i - 1] = had[i];
    update_bits();
}

bool program_locks_has(volatile const void *at)
{
    return place_of(at) != 0;
}

void program_locks_drop(void)
{
    if (count == 0)
        return;
    if (state_me.locked_count)
        bias_end_locked();
    count = 0;
    update_bits();
}
