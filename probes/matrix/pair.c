/* SPDX-License-Identifier: MIT
 * The two sides of a match, and what disturbs one. */
#include "probes/matrix/pair.h"

#include "base/compare.h"
#include "machine/gate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SLICES = 8, WARM_SHARE = 8, SYNC_ROUNDS = 2, STRIDE = 12 /* steps: eight times as many */ };

/* A batch counts when none of its slices took a fifth of the batch longer than the median slice
 * did: a preemption, by the kernel or a hypervisor, and not contention. */
static const double STALL_MOST = 0.2;

/* The first rounds of a match, in which the second side arrives, take longer than the others; so
 * much longer than they took last time is another matter. */
static const double SLOWER_MOST = 100;

const char *const pair_reason_text[PAIR_REASONS] = {
    [PAIR_COUNTS] = "",
    [PAIR_SWITCHED] = "context switch",
    [PAIR_MIGRATED] = "migration",
    [PAIR_STALLED] = "stall",
    [PAIR_FIRST] = "first of the pair",
    [PAIR_STOPPED] = "interrupted",
    [PAIR_CLOCK] = "the clock jumped",
};

/* What the sides of one match exchange outside the measured page. */
struct talk {
    _Alignas(256) _Atomic uint64_t order; /* chunks ordered so far << 32 | rounds; 0 rounds: end */
    _Alignas(256) bool second_switched, second_migrated; /* read when both have ended */
};

struct pair_table {
    struct gate gate; /* first: aligned */
    struct crew *crew;
    const struct clock *clock;
    const volatile int *stop;
    struct talk *talk; /* by match */
    struct pair_match *match;
    unsigned *seat;   /* by thread: its match * 2 + side */
    unsigned *player; /* threads that play */
};

int pair_table_new(struct crew *crew, const struct clock *clock, unsigned cpus,
    const volatile int *stop, struct pair_table **out)
{
    struct pair_table *t = aligned_alloc(_Alignof(struct pair_table), sizeof *t);
    if (!t)
        return -ENOMEM;
    memset(t, 0, sizeof *t);
    t->crew = crew;
    t->clock = clock;
    t->stop = stop;
    t->talk = aligned_alloc(_Alignof(struct talk), (cpus / 2 + 1) * sizeof *t->talk);
    t->seat = calloc(cpus, sizeof *t->seat);
    t->player = calloc(cpus, sizeof *t->player);
    if (!t->talk || !t->seat || !t->player) {
        pair_table_free(t);
        return -ENOMEM;
    }
    *out = t;
    return 0;
}

void pair_table_free(struct pair_table *table)
{
    if (!table)
        return;
    free(table->talk);
    free(table->seat);
    free(table->player);
    free(table);
}

uint32_t pair_rounds(unsigned step)
{
    return (uint32_t)exp2(step / 4.0);
}

/* The kernel's counts for this thread, the same as a run's software events. */
struct watch {
    long switches;
};

static struct watch watch_begin(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return (struct watch){.switches = usage.ru_nvcsw + usage.ru_nivcsw};
}

static bool watch_switched(struct watch began)
{
    return watch_begin().switches != began.switches;
}

/* The first side's view of a match while it goes on. */
struct play {
    struct pair_match *match;
    struct talk *talk;
    const struct clock *clock;
    uint64_t chunks, from;
    double slice_ns[SLICES]; /* of the last chunk */
    unsigned slices;
};

static void order_rounds(struct play *p, uint32_t rounds)
{
    /* Pairs with the second side's load in follow_match(). */
    atomic_store_explicit(&p->talk->order, ++p->chunks << 32 | rounds, memory_order_release);
}

/* Plays `rounds` after a warm-up of an eighth, in which the second side joins: it certainly has
 * when its second reply has arrived. All slices between two reads of the clock have equally many
 * rounds. Returns what the rounds take by the median slice: without
 * the interrupts that it meets. */
static double play_chunk(struct play *p, uint32_t rounds)
{
    const struct pair_match *m = p->match;
    const uint32_t warm = SYNC_ROUNDS + rounds / WARM_SHARE;
    order_rounds(p, warm + rounds);
    m->protocol->first(m->page, p->from, warm);
    p->from += warm;
    p->slices = rounds < SLICES ? rounds : SLICES;
    uint64_t before = clock_now(p->clock);
    for (unsigned i = 0; i < p->slices; i++) {
        const uint32_t n =
            (uint32_t)((uint64_t)rounds * (i + 1) / p->slices - (uint64_t)rounds * i / p->slices);
        m->protocol->first(m->page, p->from, n);
        const uint64_t now = clock_now(p->clock);
        p->slice_ns[i] = clock_elapsed_ns(p->clock, now - before, 1) / n;
        p->from += n;
        before = now;
    }
    qsort(p->slice_ns, p->slices, sizeof *p->slice_ns, order_doubles);
    return p->slice_ns[p->slices / 2] * rounds;
}

/* The step whose rounds take a batch's time, from one that took `took_ns`; upwards in small
 * strides, since a short time is measured badly. */
static unsigned fit_step(unsigned step, double took_ns)
{
    const double fit = round(step + 4 * log2(PAIR_BATCH_NS / fmax(took_ns, 1)));
    return (unsigned)fmax(1, fmin(fit, fmin(step + STRIDE, PAIR_STEPS)));
}

/* Two cpus that a hypervisor begins to run in turns take a time slice a round: a batch as long as
 * the last one would take minutes. What two rounds take says so, and then its length is found anew.
 */
static unsigned fit_slow(struct play *p, unsigned step)
{
    const uint64_t began = clock_now(p->clock);
    order_rounds(p, SYNC_ROUNDS);
    p->match->protocol->first(p->match->page, p->from, SYNC_ROUNDS);
    p->from += SYNC_ROUNDS;
    const double round_ns =
        clock_elapsed_ns(p->clock, clock_now(p->clock) - began, 1) / SYNC_ROUNDS;
    const double took = round_ns * pair_rounds(step);
    return took > SLOWER_MOST * PAIR_BATCH_NS ? fit_step(step, took) : step;
}

static bool has_stalled(const struct play *p)
{
    const double median = p->slice_ns[p->slices / 2];
    return p->slice_ns[p->slices - 1] - median > STALL_MOST * median * p->slices;
}

static bool is_stopped(const struct pair_table *t)
{
    return t->stop && *t->stop;
}

/* Plays until a batch is long enough; shorter ones only serve to find its length. A match that was
 * never played begins with one round. */
static double play_batch(const struct pair_table *t, struct play *p, unsigned *step, bool *switched)
{
    for (;;) {
        const struct watch watch = watch_begin();
        const double took = play_chunk(p, pair_rounds(*step));
        *switched = watch_switched(watch);
        if (took * 4 >= PAIR_BATCH_NS || *step == PAIR_STEPS || is_stopped(t))
            return took;
        *step = fit_step(*step, took);
    }
}

static enum pair_reason reason_of(
    const struct pair_table *t, struct play *p, bool is_first, bool switched)
{
    return is_stopped(t)    ? PAIR_STOPPED
           : crew_strayed() ? PAIR_MIGRATED
           : switched       ? PAIR_SWITCHED
           : has_stalled(p) ? PAIR_STALLED
           : is_first       ? PAIR_FIRST
                            : PAIR_COUNTS;
}

static void lead_match(const struct pair_table *t, struct pair_match *m, struct talk *talk)
{
    struct play p = {.match = m, .talk = talk, .clock = t->clock};
    const bool is_first = m->step == 0;
    unsigned step = is_first ? 1 : fit_slow(&p, m->step);
    bool switched;
    const double took = play_batch(t, &p, &step, &switched);
    order_rounds(&p, 0);
    m->batch = (struct pair_batch){
        .ns = (float)(took / pair_rounds(step) / m->protocol->units),
        .step = (uint8_t)step,
        .reason = (uint8_t)reason_of(t, &p, is_first, switched),
    };
    /* One twice too long was in another regime, or disturbed; the next one is made shorter. */
    m->step = (uint8_t)(took > 2 * PAIR_BATCH_NS ? fit_step(step, took) : step);
}

static void follow_match(const struct pair_match *m, struct talk *talk)
{
    uint64_t seen = 0, from = 0;
    for (bool switched = false;;) {
        uint64_t next;
        /* Pairs with the first side's store in order_rounds(). */
        while ((next = atomic_load_explicit(&talk->order, memory_order_acquire)) == seen)
            arch_pause();
        seen = next;
        const uint32_t rounds = (uint32_t)next;
        if (rounds == 0) {
            talk->second_switched = switched;
            talk->second_migrated = crew_strayed();
            return;
        }
        const struct watch watch = watch_begin();
        m->protocol->second(m->page, from, rounds);
        switched = watch_switched(watch);
        from += rounds;
    }
}

static void play_match(void *context, unsigned thread)
{
    struct pair_table *t = context;
    const unsigned seat = t->seat[thread];
    struct pair_match *m = &t->match[seat / 2];
    struct talk *talk = &t->talk[seat / 2];
    const bool leads = seat % 2 == 0;
    if (leads)
        protocol_clear(m->page); /* the gate orders it before the second side */
    gate_pass(&t->gate, t->clock);
    if (leads)
        lead_match(t, m, talk);
    else
        follow_match(m, talk);
}

static void judge_batch(struct pair_match *m, const struct talk *talk)
{
    if (m->batch.reason == PAIR_STOPPED || m->batch.reason == PAIR_MIGRATED)
        return;
    if (talk->second_migrated)
        m->batch.reason = PAIR_MIGRATED;
    else if (talk->second_switched)
        m->batch.reason = PAIR_SWITCHED;
}

void pair_play(struct pair_table *table, struct pair_match *match, unsigned matches)
{
    table->match = match;
    for (unsigned i = 0; i < matches; i++) {
        table->talk[i] = (struct talk){0};
        table->seat[match[i].first] = 2 * i;
        table->seat[match[i].second] = 2 * i + 1;
        table->player[2 * i] = match[i].first;
        table->player[2 * i + 1] = match[i].second;
    }
    gate_init(&table->gate, 2 * matches);
    crew_run_some(table->crew, table->player, 2 * matches, play_match, table);
    for (unsigned i = 0; i < matches; i++)
        judge_batch(&match[i], &table->talk[i]);
}
