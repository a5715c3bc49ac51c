/* SPDX-License-Identifier: MIT
 * The thread that keeps time for the schedule. */
#include "runtime/helper_thread.h"

#include "runtime/base/plain_libc.h"
#include "runtime/base/real_libc.h"
#include "runtime/bias.h"
#include "runtime/modules.h"
#include "runtime/neighbour.h"
#include "runtime/schedule.h"
#include "runtime/thread.h"

#include <signal.h>

enum {
    FIRST_NS = 2000000, /* short programs are seen, too */
    FULL_NS = 20000000, /* between two harvests where there are no pauses */
    LONGEST = 8,        /* a burst, in times of BURST_NS */
};
static bool running;

/* One at a time: a program that ends waits for the helper, which its end would stop half-way. */
void helper_harvest(void)
{
    lock_take(lock_of(LOCK_HARVEST));
    thread_refresh();
    if (recording_is_watched()) {
        bias_fold_all();
        neighbour_harvest();
    }
    lock_release(lock_of(LOCK_HARVEST));
}

/* Waits for the end of a burst. On a busy machine threads run in turns of some milliseconds: what
 * only one thread took part in shows nothing of what they do to each other, and goes on. Returns
 * how many times as long as others it was. */
static unsigned keep_burst(void)
{
    unsigned length = 0;
    do {
        plain_sleep(BURST_NS);
        length++;
    } while (length < LONGEST && thread_active() < 2);
    return length;
}

static void keep_schedule(void)
{
    static unsigned length = 1; /* of the last burst */
    schedule_account();
    helper_harvest();
    const uint64_t pause_ns = schedule_pause_ns();
    if (!pause_ns) {
        plain_sleep(FULL_NS);
        return;
    }
    schedule_set_burst(false);
    plain_sleep(length * pause_ns);
    thread_refresh();
    schedule_set_burst(true);
    length = keep_burst();
}

static void *run_helper(void *unused)
{
    state_me.inside = INSIDE; /* nothing that it does is the program's */
    do /* On a busy machine the program's second thread may not have been counted yet. */
        plain_sleep(FIRST_NS);
    while (__atomic_load_n(&record->bursts, __ATOMIC_RELAXED) == 0 && state_is_ready() &&
           !thread_none());
    while (state_is_ready() && !thread_none())
        keep_schedule();
    state_me.inside = 0; /* the process's last thread calls exit */
    return unused;
}

static bool start_thread(void)
{
    sigset_t all, before;
    pthread_t id;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = real_thread(&id, run_helper) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

bool helper_start(void)
{
    if (running)
        return true;
    if (!recording_reserve()) {
        state_turn_off(NULL);
        return false;
    }
    modules_update(NULL); /* libraries may have come by ways that are not seen */
    schedule_set_burst(true);
    running = start_thread();
    if (!running)
        schedule_stay_on(); /* no pauses: better slow than blind */
    return true;
}

void helper_fork(void)
{
    running = false;
}
