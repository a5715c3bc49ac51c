/* SPDX-License-Identifier: MIT
 * Preparing lines, handing them over, walking. States after Molka et al., PACT 2009, section 3. */
#include "probes/costs/costs_walk.h"

#include <math.h>
#include <stdlib.h>

enum { PAGE = 4096, PHASES = 3 /* prepare, share, walk */ };

size_t walk_area_bytes(unsigned line_bytes)
{
    return (size_t)WALK_LINES * WALK_APART * line_bytes;
}

/* One line further each time that a set of the usual L1, which has 64, would be used again. */
static size_t line_index(unsigned i)
{
    enum { SETS = 64 };
    return (size_t)i * WALK_APART + i * WALK_APART / SETS % WALK_APART;
}

size_t walk_line_at(unsigned i, unsigned line_bytes)
{
    return line_index(i) * line_bytes;
}

static word *word_at(const struct walk_trial *t, unsigned i)
{
    return (word *)(void *)(t->base + walk_line_at(i, t->line_bytes));
}

/* Writes a new random cycle each time: some processors learn an order that repeats. */
static void write_cycle(struct walk_trial *t)
{
    rng_shuffle(t->rng, t->order, WALK_LINES);
    for (unsigned k = 0; k < WALK_LINES; k++) {
        t->next[k] = walk_line_at(t->order[(k + 1) % WALK_LINES], t->line_bytes);
        atomic_store_explicit(word_at(t, t->order[k]), t->next[k], memory_order_relaxed);
    }
    arch_drain();
}

static void flush_lines(const struct walk_trial *t)
{
    for (unsigned i = 0; i < WALK_LINES; i++)
        arch_flush(word_at(t, i));
}

static void load_lines(const struct walk_trial *t)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < WALK_LINES; i++)
        sum += atomic_load_explicit(word_at(t, i), memory_order_relaxed);
    __asm__ volatile("" ::"r"(sum));
}

/* A line that was flushed and then loaded by one cpu is exclusive there; once a second cpu has
 * loaded it, it is shared, and clean. */
static void prepare_lines(struct walk_trial *t)
{
    write_cycle(t);
    if (t->state != LINE_MODIFIED)
        flush_lines(t);
    if (t->state == LINE_EXCLUSIVE || t->state == LINE_SHARED)
        load_lines(t);
}

/* Loads the pages into the requester's TLB, by words that are not next to a line of the walk, and
 * the walk's private data into its L1. */
static void warm_pages(const struct walk_trial *t)
{
    const unsigned step = PAGE / (WALK_APART * t->line_bytes); /* lines a page */
    uint64_t sum = 0;
    for (unsigned i = 0; i < WALK_LINES; i += step) {
        const size_t free_line = line_index(i) ^ (WALK_APART / 2);
        sum += atomic_load_explicit(
            (word *)(void *)(t->base + free_line * t->line_bytes), memory_order_relaxed);
    }
    for (unsigned k = 0; k < WALK_LINES; k++)
        sum += t->next[k];
    __asm__ volatile("" ::"r"(sum) : "memory");
}

/* Times what is around a walk: two reads of the clock and a drain. */
static uint64_t empty_pair(const struct clock *clock)
{
    const uint64_t before = clock_begin(clock);
    arch_drain();
    return clock_end(clock) - before;
}

static void walk_lines(struct walk_trial *t, unsigned time)
{
    const struct walk_lane worker = {.base = t->base,
        .first = walk_line_at(t->order[0], t->line_bytes),
        .next = t->next,
        .lines = WALK_LINES};
    walk_loop *const loop = t->op->loop;
    warm_pages(t);
    const uint64_t before = clock_begin(t->clock);
    const uint64_t last = loop(&worker);
    arch_drain(); /* some cores return what a locked op read before they have written it */
    t->ticks[time] = clock_end(t->clock) - before;
    t->empty[time] = empty_pair(t->clock);
    t->astray = t->astray || last != worker.first;
}

static void await_turn(const struct walk_trial *t, uint64_t turn)
{
    /* Pairs with the release of the turn before: the lines are as that thread left them. */
    while (atomic_load_explicit(&t->turn, memory_order_acquire) != turn)
        arch_pause();
}

static void hand_over(struct walk_trial *t, uint64_t turn)
{
    atomic_store_explicit(&t->turn, turn, memory_order_release); /* pairs with await */
}

/* One thread's part of a repetition. A thread may have several parts; alone it never waits. */
static void repeat_walk(struct walk_trial *t, unsigned thread, unsigned time, unsigned slot)
{
    const uint64_t turn = (uint64_t)PHASES * time;
    if (thread == t->owner) {
        await_turn(t, turn);
        prepare_lines(t);
        hand_over(t, turn + (t->third == COSTS_NOBODY ? 2 : 1));
    }
    if ((int)thread == t->third) {
        await_turn(t, turn + 1);
        load_lines(t);
        hand_over(t, turn + 2);
    }
    if (thread == t->requester) {
        await_turn(t, turn + 2);
        walk_lines(t, slot);
        hand_over(t, turn + PHASES);
    }
}

static void collect_counts(struct walk_trial *t, unsigned thread)
{
    int64_t count[EVENT_ROLES] = {0};
    double share[EVENT_HARDWARE];
    counters_end(t->thread[thread].software);
    counters_result(t->thread[thread].software, count, share);
    if (count[EVENT_CONTEXT_SWITCHES] > 0)
        atomic_store_explicit(&t->switched, true, memory_order_relaxed); /* ordered by crew_run */
    if (count[EVENT_MIGRATIONS] > 0 || crew_strayed())
        atomic_store_explicit(&t->moved, true, memory_order_relaxed);
}

/* The first repetition only warms up: where every cpu measures, the thread that posted the job
 * leaves one of them then. */
static void take_part(void *context, unsigned thread)
{
    struct walk_trial *t = context;
    if (thread != t->requester && thread != t->owner && (int)thread != t->third)
        return;
    repeat_walk(t, thread, 0, 0);
    counters_begin(t->thread[thread].software);
    for (unsigned i = 0; i < WALK_TIMES; i++)
        repeat_walk(t, thread, i + 1, i);
    collect_counts(t, thread);
}

void walk_trial_run(struct walk_trial *t, struct crew *crew)
{
    for (unsigned i = 0; i < WALK_LINES; i++)
        t->order[i] = i;
    t->astray = false;
    atomic_store_explicit(&t->turn, 0, memory_order_relaxed); /* ordered by crew_run */
    atomic_store_explicit(&t->switched, false, memory_order_relaxed);
    atomic_store_explicit(&t->moved, false, memory_order_relaxed);
    crew_run(crew, take_part, t);
}

static int compare_ticks(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* `sum_ticks`: of all walks, the clock's cost taken off. Empty pairs that were interrupted can take
 * longer than the walks did: nothing is left that could be a time. */
static const char *walk_disturbance(
    const struct walk_trial *t, double sum_ticks, double walk_ticks, double stall_ticks)
{
    static const double STALL_MOST = 0.2; /* of all walks, as in trial.c of the window */
    if (t->moved)
        return "migration";
    if (t->switched)
        return "context switch";
    if (t->astray)
        return "an op went astray";
    if (stall_ticks > STALL_MOST * WALK_TIMES * walk_ticks)
        return "stall";
    if (walk_ticks * t->clock->ns_per_tick < clock_least_ns(t->clock))
        return "below the clock's resolution";
    if (sum_ticks <= 0)
        return "stall";
    return "";
}

/* Subtracts the mean of the empty pairs, not their median: over walks that begin at any phase of
 * the clock's step, the sum of the readings is right where a single one is not. */
struct walk_result walk_trial_result(const struct walk_trial *t)
{
    uint64_t sorted[WALK_TIMES];
    double sum = 0, empty = 0;
    for (unsigned i = 0; i < WALK_TIMES; i++) {
        sorted[i] = t->ticks[i];
        sum += (double)t->ticks[i];
        empty += (double)t->empty[i];
    }
    qsort(sorted, WALK_TIMES, sizeof *sorted, compare_ticks);
    const double median = (double)sorted[WALK_TIMES / 2];
    return (struct walk_result){.ops = (uint64_t)WALK_LINES * WALK_TIMES,
        .seconds = fmax(sum - empty, 0) * t->clock->ns_per_tick / 1e9,
        .disturb =
            walk_disturbance(t, sum - empty, median, (double)sorted[WALK_TIMES - 1] - median)};
}

struct walk_result walk_stage_run(struct walk_trial *t, struct stage *stage)
{
    t->clock = &stage->clock;
    t->thread = stage->trial.thread;
    walk_trial_run(t, stage->crew);
    struct walk_result result = walk_trial_result(t);
    if (stage_stopped(stage))
        result.disturb = stage_interrupted;
    return result;
}
