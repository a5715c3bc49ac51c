/* SPDX-License-Identifier: MIT
 * Calibrated on one cpu, and compared on all. */
#include "machine/crew_clock.h"

#include "machine/gate.h"

static int calibrate_clock(void *clock, struct err *err)
{
    (void)err;
    clock_calibrate(clock);
    return 0;
}

static int give_up_counter(void *clock, struct err *err)
{
    (void)err;
    clock_use_kernel(clock);
    return 0;
}

static int check_clock(void *clock, struct err *err)
{
    return clock_check(clock, err);
}

int crew_check_clock(struct crew *crew, struct clock *clock, struct err *err)
{
    return crew_call(crew, 0, check_clock, clock, err);
}

/* Threads pass on the latest tick that any of them has read: no cpu may be behind it. */
struct relay {
    struct gate gate;
    _Alignas(256) _Atomic uint64_t latest;
    _Atomic bool behind;
    const struct clock *clock;
};

static void relay_ticks(void *context, unsigned thread)
{
    enum { TIMES = 64 };
    struct relay *const r = context;
    const double slack_ns = 1e4; /* a hundredth of a trial */
    const uint64_t slack = clock_ticks(r->clock, slack_ns);
    (void)thread;
    gate_pass(&r->gate, r->clock);
    for (int i = 0; i < TIMES; i++) {
        uint64_t before = atomic_load_explicit(&r->latest, memory_order_acquire);
        const uint64_t now = clock_begin(r->clock);
        if (now + slack < before)
            atomic_store_explicit(&r->behind, true, memory_order_relaxed); /* ordered by crew_run */
        /* Pairs with the acquire above: the tick was read before whoever sees it reads its own. */
        while (before < now && !atomic_compare_exchange_weak_explicit(&r->latest, &before, now,
                                   memory_order_release, memory_order_relaxed))
            continue;
    }
}

static bool cpus_agree(struct crew *crew, const struct clock *clock)
{
    struct relay relay = {.clock = clock};
    /* Twice: on a busy machine a thread may be through before one that is ahead has begun. */
    for (int i = 0; i < 2; i++) {
        gate_init(&relay.gate, crew_threads(crew));
        crew_run(crew, relay_ticks, &relay);
    }
    return !atomic_load_explicit(&relay.behind, memory_order_relaxed);
}

void crew_calibrate(struct crew *crew, struct clock *clock)
{
    crew_call(crew, 0, calibrate_clock, clock, NULL);
    if (clock->counter && !cpus_agree(crew, clock))
        crew_call(crew, 0, give_up_counter, clock, NULL);
}
