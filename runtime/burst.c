/* SPDX-License-Identifier: MIT
 * When accesses are seen: in bursts of all threads together, so that what they do to each other is
 * seen whole, and never while there is one thread only. One helper thread keeps the time; it is
 * started with the program's second thread and ends with its last.
 *
 * NUMAPROBE_ACCESS, set by detect: "full", or "share=PERCENT" of the time that is seen. */
#include "base/arch/arch.h"
#include "runtime/access.h"
#include "runtime/real_libc.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BURST_NS = 1000000,
    FIRST_NS = 2000000, /* short programs are seen, too */
    FULL_NS = 20000000, /* between looks at neighbours and counts */
    SHARE = 10,         /* percent, unless told */
};

static struct {
    int others;   /* threads beside the first that nothing has ordered behind it */
    bool burst;   /* by the schedule */
    bool running; /* the helper */
    bool full, ended;
    uint64_t pause_ns, since_tick, threaded_tick;
} schedule;

static void apply(void)
{
    const bool on = schedule.burst && schedule.others > 0 && !schedule.ended && access_ready();
    const uint64_t now = arch_ticks();
    if (on == access_gate.on)
        return;
    if (on) {
        access_burst++;
        record->bursts++;
        schedule.since_tick = now;
    } else {
        record->seen_ticks += now - schedule.since_tick;
    }
    __atomic_store_n(&access_gate.on, on, __ATOMIC_RELEASE);
}

static void set_burst(bool burst)
{
    access_lock(&access_locks[LOCK_SCHEDULE].word);
    schedule.burst = burst;
    apply();
    access_unlock(&access_locks[LOCK_SCHEDULE].word);
}

void burst_others(int change)
{
    access_lock(&access_locks[LOCK_SCHEDULE].word);
    if (schedule.others == 0)
        schedule.threaded_tick = arch_ticks();
    schedule.others += change;
    if (schedule.others == 0)
        record->threaded_ticks += arch_ticks() - schedule.threaded_tick;
    apply();
    access_unlock(&access_locks[LOCK_SCHEDULE].word);
}

static void take_time(void)
{
    const uint64_t now = arch_ticks();
    if (access_gate.on) {
        record->seen_ticks += now - schedule.since_tick;
        schedule.since_tick = now;
    }
    if (schedule.others > 0) {
        record->threaded_ticks += now - schedule.threaded_tick;
        schedule.threaded_tick = now;
    }
    record->last_tick = now;
    record->last_ns = record_now_ns();
}

/* One at a time: a program that ends waits for the helper, which it would stop half-way. */
void burst_harvest(void)
{
    access_lock(&access_locks[LOCK_HARVEST].word);
    thread_refresh();
    if (record->threads_created) {
        line_fold_all();
        neighbour_harvest();
    }
    access_unlock(&access_locks[LOCK_HARVEST].word);
}

static void account(void)
{
    access_lock(&access_locks[LOCK_SCHEDULE].word);
    take_time();
    access_unlock(&access_locks[LOCK_SCHEDULE].word);
    burst_harvest();
}

static void nap(uint64_t ns)
{
    const struct timespec t = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
    nanosleep(&t, NULL);
}

static void *help(void *unused)
{
    access_me.inside = INSIDE; /* nothing of it is the program's */
    do /* On a busy machine the other thread may not have been counted yet. */
        nap(FIRST_NS);
    while (__atomic_load_n(&record->bursts, __ATOMIC_RELAXED) == 0 && access_ready() &&
           !thread_none());
    while (access_ready() && !thread_none()) {
        account();
        if (!schedule.full) {
            set_burst(false);
            nap(schedule.pause_ns);
            set_burst(true);
        }
        nap(schedule.full ? FULL_NS : BURST_NS);
    }
    access_me.inside = 0; /* the process's last thread calls exit */
    return unused;
}

static void start_helper(void)
{
    sigset_t all, before;
    pthread_t id;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (real_thread(&id, help) == 0)
        schedule.running = true;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool burst_start(void)
{
    if (schedule.running)
        return true;
    if (!record_reserve())
        return false;
    modules_update(); /* libraries may have come by ways that are not seen */
    schedule.burst = true;
    start_helper();
    if (!schedule.running)
        schedule.full = true; /* no helper, no pauses: better slow than blind */
    return true;
}

void burst_init(void)
{
    const char *how = getenv("NUMAPROBE_ACCESS");
    unsigned long share = SHARE;
    if (how && strncmp(how, "share=", 6) == 0)
        share = strtoul(how + 6, NULL, 10);
    schedule.full = (how && strcmp(how, "full") == 0) || share >= 100;
    if (share < 1 || share >= 100)
        share = SHARE;
    schedule.pause_ns = BURST_NS * (100 - share) / share;
    record->mode = schedule.full ? RECORD_FULL : RECORD_SAMPLED;
}

void burst_fork(void)
{
    schedule.others = 0;
    schedule.burst = schedule.running = schedule.ended = false;
    access_gate.on = 0;
}

void burst_end(bool ended)
{
    access_lock(&access_locks[LOCK_SCHEDULE].word);
    take_time();
    schedule.ended = ended;
    apply();
    access_unlock(&access_locks[LOCK_SCHEDULE].word);
}
