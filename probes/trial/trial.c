/* SPDX-License-Identifier: MIT
 * The worker's side of a trial, and the arithmetic of the common window. */
#include "probes/trial/trial.h"

#include "base/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_SHARE = 8 /* of the window: caches, predictors and the batch's size settle first */ };

static op_loop *choose_loop(const struct op_loops *loops, bool latency, bool gap)
{
    if (latency)
        return gap ? loops->chained_gapped : loops->chained;
    return gap ? loops->gapped : loops->plain;
}

static const struct trial_thread *thread_at(const struct trial *trial, unsigned i)
{
    return &trial->thread[trial_member(trial, i)];
}

static double ticks_of(const struct trial *trial, double share)
{
    return share * trial->window_ns / trial->clock->ns_per_tick;
}

/* Whether the clock will not reach the end of the window: it was set back, or stands still. Asked
 * after each batch; an undisturbed window has some hundred, so that it does not read the other
 * clock. A thread that was switched out finds the end of the window and does not ask. */
static bool is_stuck(const struct trial *t, struct trial_thread *me)
{
    enum { ASKED_MANY = 1 << 10, ASKED_MOST = 1 << 20, WINDOWS_MOST = 32 };
    if (++me->asked % ASKED_MANY)
        return me->stuck;
    me->stuck = me->stuck || me->asked >= ASKED_MOST ||
                (double)(clock_raw_ns() - me->began_raw_ns) > WINDOWS_MOST * t->window_ns;
    return me->stuck;
}

double trial_window_ns(double read_ns)
{
    const double slow = read_ns * TRIAL_READS_APART * TRIAL_BATCHES_MIN;
    return fmin(fmax(TRIAL_WINDOW_NS, slow), TRIAL_WINDOW_MOST_NS);
}

double trial_batch_ns(double window_ns, double read_ns)
{
    const double batch = fmax(window_ns / TRIAL_BATCHES, read_ns * TRIAL_READS_APART);
    return fmin(batch, window_ns / TRIAL_BATCHES_MIN);
}

/* Longer in strides: a time near that of a read of the clock says little. */
static uint64_t fit_batch(uint64_t n, double target_ns, double took_ns, double read_ns)
{
    enum { OPS_A_NS_MOST = 8 }; /* ten times as many as any cpu does: the clock stands still */
    const double stride = took_ns > 16 * read_ns ? 8 : 2;
    const double fits = (double)n * fmin(stride, target_ns / fmax(took_ns, 1));
    return (uint64_t)fmax(1, fmin(fits, OPS_A_NS_MOST * target_ns));
}

/* Runs until `until`, or for as long as it takes to find how many attempts are a batch. Returns
 * these, and in *op_ns what one of them takes. The last batch is the first two stamps. */
static uint64_t warm_up(
    const struct trial *t, struct trial_thread *me, op_loop *loop, uint64_t until, double *op_ns)
{
    uint64_t n = 1, before = clock_now(t->clock);
    for (;;) {
        const uint64_t done = loop(&me->worker, n);
        const uint64_t now = clock_now(t->clock);
        me->stamp[0] = (struct stamp){.tick = before};
        me->stamp[1] = (struct stamp){.tick = now, .ops = done, .transfers = me->seen.transfers};
        const double took = clock_elapsed_ns(t->clock, now - before, 1);
        *op_ns = took / (double)n;
        n = fit_batch(n, t->batch_ns, took, t->clock->read_ns);
        if ((took >= t->batch_ns / 2 && now >= until) || is_stuck(t, me))
            return n;
        before = now;
    }
}

/* Events are counted over the whole window too, so that beginning and ending the counters is not
 * timed; where ops wait, the window is a time, and beginning them takes some thousandth of it. */
static void measure_window(
    const struct trial *t, struct trial_thread *me, op_loop *loop, uint64_t n, uint64_t until)
{
    const uint64_t before = t->waits ? me->stamp[1].ops : 0; /* of the batch before the window */
    uint64_t done = before, now;
    if (!t->waits) {
        me->stamp[0] = (struct stamp){.tick = clock_now(t->clock), .transfers = me->seen.transfers};
    }
    me->stamps = t->waits ? 2 : 1;
    do {
        done += loop(&me->worker, n);
        now = clock_now(t->clock);
        if (me->stamps < TRIAL_STAMPS)
            me->stamp[me->stamps++] =
                (struct stamp){.tick = now, .ops = done, .transfers = me->seen.transfers};
    } while (now < until && !is_stuck(t, me));
    me->counted_ops = done - before;
}

static double median_ns(const struct clock *clock, const struct histogram *h)
{
    return clock_ns(clock, histogram_quantile(h, 0.5)) - clock->overhead_ns;
}

/* The second window of a latency trial. A thread whose op is too short for the clock goes on with
 * its chained loop, so that the others meet the same contention. */
static void time_singly(const struct trial *t, struct trial_thread *me, op_loop *loop, uint64_t n,
    double op_ns, uint64_t until)
{
    enum { TIMED_AT_ONCE = 32 };
    me->timed = op_ns >= clock_least_ns(t->clock);
    histogram_clear(&me->histogram);
    do {
        if (me->timed)
            me->loops->timed(&me->worker, TIMED_AT_ONCE);
        else
            loop(&me->worker, n);
    } while (clock_now(t->clock) < until && !is_stuck(t, me));
    /* `op_ns` has the gap in it, which is not timed. */
    if (me->timed && me->worker.gap)
        me->timed = median_ns(t->clock, &me->histogram) >= clock_least_ns(t->clock);
}

static void collect_counts(struct trial_thread *me)
{
    for (int i = 0; i < EVENT_ROLES; i++)
        me->count[i] = SAMPLE_NONE;
    for (int i = 0; i < EVENT_HARDWARE; i++)
        me->share[i] = NAN;
    counters_result(me->hardware, me->count, me->share);
    counters_result(me->software, me->count, me->share);
}

static void take_part(void *context, unsigned index)
{
    struct trial *t = context;
    if (!t->member && index >= t->threads)
        return; /* a crew may be larger than the trial */
    struct trial_thread *me = &t->thread[index];
    op_loop *loop = choose_loop(me->loops, t->latency, me->worker.gap > 0);
    double op_ns = 0;
    const uint64_t start = gate_pass(&t->gate, t->clock);
    me->began_raw_ns = clock_raw_ns();
    me->asked = 0;
    me->stuck = false;
    const uint64_t warm = start + (uint64_t)ticks_of(t, 1.0 / WARM_SHARE);
    const uint64_t end = warm + (uint64_t)ticks_of(t, 1);
    me->from = warm;
    me->until = end;
    /* Not earlier: where every cpu measures, the thread that started the trial shares one of them,
     * and is switched out at the beginning. Not later: what waits is timed without a gap. */
    double waited_ns = NAN;
    if (t->waits) {
        warm_up(t, me, loop, start + (warm - start) / 2, &op_ns);
        waited_ns = crew_waited_ns();
        counters_begin(me->software);
    }
    const uint64_t n = warm_up(t, me, loop, warm, &op_ns);
    if (!t->waits)
        counters_begin(me->software);
    counters_begin(me->hardware);
    measure_window(t, me, loop, n, end);
    counters_end(me->hardware);
    me->timed = false;
    if (t->latency)
        time_singly(t, me, loop, n, op_ns, end + (uint64_t)ticks_of(t, 1));
    counters_end(me->software);
    me->kept_waiting_ns = t->waits ? crew_waited_ns() - waited_ns : NAN;
    me->strayed = crew_strayed(); /* since before the trial: then no migration was counted */
    collect_counts(me);
}

void trial_run(struct trial *trial, struct crew *crew)
{
    gate_init(&trial->gate, trial->threads);
    if (trial->member)
        crew_run_some(crew, trial->member, trial->threads, take_part, trial);
    else
        crew_run(crew, take_part, trial);
}

static void common_window(const struct trial *t, uint64_t *from, uint64_t *to)
{
    if (t->waits) {
        *from = thread_at(t, 0)->from;
        *to = thread_at(t, 0)->until;
        return;
    }
    *from = 0;
    *to = UINT64_MAX;
    for (unsigned i = 0; i < t->threads; i++) {
        const struct trial_thread *th = thread_at(t, i);
        const uint64_t first = th->stamp[0].tick, last = th->stamp[th->stamps - 1].tick;
        *from = first > *from ? first : *from;
        *to = last < *to ? last : *to;
    }
}

static int compare_ticks(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* How much longer than the median the longest of the batches `first` to `last` took: a preemption
 * that the kernel did not count, or a hypervisor that ran another guest. */
static double stall_ticks(const struct stamp *stamp, unsigned first, unsigned last)
{
    uint64_t batch[TRIAL_STAMPS];
    unsigned n = 0;
    for (unsigned i = first; i < last; i++)
        batch[n++] = stamp[i + 1].tick - stamp[i].tick;
    if (n == 0)
        return 0;
    qsort(batch, n, sizeof *batch, compare_ticks);
    return (double)(batch[n - 1] - batch[n / 2]);
}

static struct trial_result cut_result(
    const struct trial *t, unsigned index, uint64_t from, uint64_t to)
{
    const struct trial_thread *me = thread_at(t, index);
    unsigned first = 0, last = me->stamps - 1;
    while (first < last && me->stamp[first].tick < from)
        first++;
    while (last > first && me->stamp[last].tick > to)
        last--;
    const struct stamp *a = &me->stamp[first], *b = &me->stamp[last];
    return (struct trial_result){.ops = b->ops - a->ops,
        .transfers = b->transfers - a->transfers,
        .seconds = clock_elapsed_ns(t->clock, b->tick - a->tick, last - first) / 1e9,
        .stall_ns = stall_ticks(me->stamp, first, last) * t->clock->ns_per_tick};
}

/* The ops done by a tick, as if each batch had gone on evenly. */
static double ops_at(const struct trial_thread *me, uint64_t tick)
{
    unsigned i = 1; /* a batch at least was done */
    while (i + 1 < me->stamps && me->stamp[i].tick < tick)
        i++;
    const struct stamp *const a = &me->stamp[i - 1], *const b = &me->stamp[i];
    if (b->tick <= a->tick || tick <= a->tick)
        return (double)a->ops;
    const double share = (double)(tick - a->tick) / (double)(b->tick - a->tick);
    return (double)a->ops + fmin(share, 1) * (double)(b->ops - a->ops);
}

/* From the window's beginning, or where the thread's last batch before it began; a thread that only
 * waited got nothing done. */
static struct trial_result whole_result(
    const struct trial *t, unsigned index, uint64_t from, uint64_t to)
{
    const struct trial_thread *const me = thread_at(t, index);
    const uint64_t began = me->stamp[0].tick;
    const uint64_t first = began > from && began < to ? began : from;
    return (struct trial_result){.ops = (uint64_t)(ops_at(me, to) - ops_at(me, first) + 0.5),
        .seconds = clock_elapsed_ns(t->clock, to - first, me->stamps) / 1e9};
}

double trial_results(const struct trial *trial, struct trial_result *result)
{
    uint64_t from, to;
    common_window(trial, &from, &to);
    memset(result, 0, trial->threads * sizeof *result);
    for (unsigned i = 0; i < trial->threads && from < to; i++)
        result[i] =
            trial->waits ? whole_result(trial, i, from, to) : cut_result(trial, i, from, to);
    return from < to ? clock_ns(trial->clock, to - from) : 0;
}

/* A trial counts when its threads overlapped for most of the window and no thread paused for a
 * fifth of it at once, which is a preemption and not contention. Shorter pauses belong to the op:
 * where many lines move, a thread may wait a twentieth of the window for its turn. */
static const double OVERLAP_LEAST = 0.5, STALL_MOST = 0.2;
/* Where ops wait, a thread may be kept from its cpu for this share: what wakes it takes a moment.
 */
static const double WAIT_MOST = 0.1;

static bool was_switched(const struct trial *trial, const struct trial_thread *thread)
{
    return trial->waits ? !trial->helped && thread->kept_waiting_ns > WAIT_MOST * trial->window_ns
                        : thread->count[EVENT_CONTEXT_SWITCHES] > 0;
}

static const char *thread_disturbance(const struct trial *trial, const struct trial_thread *thread)
{
    return thread->count[EVENT_MIGRATIONS] > 0 || thread->strayed ? "migration"
           : was_switched(trial, thread)                          ? "context switch"
                                                                  : "";
}

const char *trial_disturbance(
    const struct trial *trial, const struct trial_result *result, double overlap_ns)
{
    for (unsigned i = 0; i < trial->threads; i++)
        if (thread_at(trial, i)->stuck)
            return "the clock jumped";
    for (unsigned i = 0; i < trial->threads; i++) {
        const char *const reason = thread_disturbance(trial, thread_at(trial, i));
        if (*reason)
            return reason;
    }
    if (overlap_ns < OVERLAP_LEAST * trial->window_ns)
        return "threads did not overlap";
    for (unsigned i = 0; i < trial->threads; i++) {
        if (result[i].seconds <= 0) /* one batch reached across the whole window */
            return "no whole batch";
        if (!trial->waits && result[i].stall_ns > STALL_MOST * trial->window_ns)
            return "stall";
    }
    return "";
}

static double time_steps(const struct clock *clock, uint64_t steps)
{
    enum { TRIES = 16 };
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < TRIES; i++) {
        const uint64_t before = clock_now(clock);
        const uint64_t x = op_work(steps, before | 1);
        __asm__ volatile("" ::"r"(x));
        const uint64_t took = clock_now(clock) - before;
        best = took < best ? took : best;
    }
    return clock_elapsed_ns(clock, best, 1);
}

double trial_steps_a_ns(const struct clock *clock)
{
    enum { STEPS = 4096, STEPS_MOST = 1 << 24, READS = 16 };
    uint64_t steps = STEPS;
    double took;
    while ((took = time_steps(clock, steps)) < READS * clock->read_ns && steps < STEPS_MOST)
        steps *= 2;
    return (double)steps / took;
}

uint64_t trial_gap_steps(double steps_a_ns, double gap_ns)
{
    return gap_ns > 0 ? (uint64_t)fmax(1, gap_ns * steps_a_ns + 0.5) : 0;
}
