/* SPDX-License-Identifier: MIT
 * Opens and closes the gate that every hook looks at, and keeps the times for which it was open. */
#include "runtime/schedule.h"

#include "base/arch/arch.h"
#include "runtime/base/lock.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"

#include <stdlib.h>
#include <string.h>

enum { SHARE = 10 }; /* percent, by default */

static struct {
    int others; /* threads beside the first that nothing has ordered behind it */
    bool burst, ended;
    uint64_t pause_ns, since_tick, threaded_tick;
} schedule;

static void set_gate(void)
{
    const bool on = schedule.burst && schedule.others > 0 && !schedule.ended && state_is_ready();
    const uint64_t now = arch_ticks();
    if (on == state_gate.on)
        return;
    if (on) {
        state_burst++;
        record->bursts++;
        schedule.since_tick = now;
    } else {
        record->seen_ticks += now - schedule.since_tick;
    }
    __atomic_store_n(&state_gate.on, on, __ATOMIC_RELEASE);
}

void schedule_set_burst(bool burst)
{
    lock_take(lock_of(LOCK_SCHEDULE));
    schedule.burst = burst;
    set_gate();
    lock_release(lock_of(LOCK_SCHEDULE));
}

uint64_t schedule_pause_ns(void)
{
    return schedule.pause_ns;
}

void schedule_stay_on(void)
{
    schedule.pause_ns = 0;
}

void schedule_change_threads(int change)
{
    lock_take(lock_of(LOCK_SCHEDULE));
    if (schedule.others == 0)
        schedule.threaded_tick = arch_ticks();
    schedule.others += change;
    if (schedule.others == 0)
        record->threaded_ticks += arch_ticks() - schedule.threaded_tick;
    set_gate();
    lock_release(lock_of(LOCK_SCHEDULE));
}

static void add_times(void)
{
    const uint64_t now = arch_ticks();
    if (state_gate.on) {
        record->seen_ticks += now - schedule.since_tick;
        schedule.since_tick = now;
    }
    if (schedule.others > 0) {
        record->threaded_ticks += now - schedule.threaded_tick;
        schedule.threaded_tick = now;
    }
    record->last_tick = now;
    record->last_ns = plain_now_ns();
}

void schedule_account(void)
{
    lock_take(lock_of(LOCK_SCHEDULE));
    add_times();
    lock_release(lock_of(LOCK_SCHEDULE));
}

void schedule_end(bool ended)
{
    lock_take(lock_of(LOCK_SCHEDULE));
    add_times();
    schedule.ended = ended;
    set_gate();
    lock_release(lock_of(LOCK_SCHEDULE));
}

void schedule_fork(void)
{
    schedule.others = 0;
    schedule.burst = schedule.ended = false;
    state_gate.on = 0;
}

void schedule_init(void)
{
    const char *how = secure_getenv("NUMAPROBE_ACCESS");
    unsigned long share = SHARE;
    if (how && strncmp(how, "share=", 6) == 0)
        share = strtoul(how + 6, NULL, 10);
    if (share < 1)
        share = SHARE;
    const bool full = (how && strcmp(how, "full") == 0) || share >= 100;
    schedule.pause_ns = full ? 0 : BURST_NS * (100 - share) / share;
    record->mode = full ? RECORD_FULL : RECORD_SAMPLED;
}
