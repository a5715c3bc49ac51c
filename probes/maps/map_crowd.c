/* SPDX-License-Identifier: MIT
 * A crew with several threads to a cpu. No client spins: it would keep those from their cpu that it
 * waits for. */
#include "probes/maps/map_crowd.h"

#include "maps/memory.h"
#include "probes/maps/map_limit.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* On lines that nothing else uses. */
struct crowd_client {
    struct map_thread me; /* first: aligned */
    struct map_client place;
    uint64_t thinks_ticks; /* before its first op, so that they do not come all at once */
    double ops, reads;     /* in the window: ops, and reads of the clock */
    uint64_t asked, began_raw_ns;
    bool stuck, strayed;
    struct histogram histogram;
};

struct map_crowd {
    const struct stage *stage;
    const struct maps_plan *plan;
    struct crew *crew;
    struct crowd_client *client;
    unsigned *index; /* 0, 1, ... */
    /* Of a trial: */
    const struct crowd_trial *trial;
    unsigned clients;
    const struct op_loops *loops;
    pthread_barrier_t start;
    _Atomic unsigned arrived;
    uint64_t begin, from, until, end; /* ticks: of all, the window, and the one timed op by op */
    _Atomic bool late;                /* one was not ready by then */
    double window_ns;
    _Atomic bool failed; /* no memory */
};

static bool thinks(const struct map_crowd *c)
{
    return c->plan->think_ns > 0;
}

static void set_up_client(struct map_crowd *c, unsigned index)
{
    const struct crowd_trial *const t = c->trial;
    struct crowd_client *const client = &c->client[index];
    struct map_thread *const me = &client->me;
    struct rng rng;
    rng_seed(&rng, t->turn + index);
    *me = t->thread[index % t->point->threads];
    me->strategy = t->point->strategy;
    me->place = (struct steps_place){index, c->clients};
    me->next = load_keys(t->point->load, t->point->threads) / c->clients;
    me->at = rng_next(&rng) % me->steps;
    me->client = &client->place;
    me->think_ticks = clock_ticks(me->clock, c->plan->think_ns);
    client->thinks_ticks = (uint64_t)(rng_real(&rng) * (double)me->think_ticks);
    client->ops = client->reads = 0;
    client->asked = 0;
    client->stuck = false;
    histogram_clear(&client->histogram);
}

static void join_map(struct map_crowd *c, struct crowd_client *client)
{
    struct map_thread *const me = &client->me;
    me->self = me->strategy->join(c->trial->map, me->place.thread);
    me->allocated = map_allocations();
    if (!me->self)
        atomic_store_explicit(&c->failed, true, memory_order_relaxed); /* ordered by the barrier */
}

/* By the last that arrives, before it opens the barrier: that all pass it takes a while, and then
 * that all are woken. */
static void set_window(struct map_crowd *c)
{
    static const double PASS_LEAST_NS = 2e6, PASS_NS = 2e4, WARM_SHARE = 1.0 / 8, WAKE_NS = 2e3;
    const struct clock *const clock = &c->stage->clock;
    const double clients = (double)c->clients;
    const uint64_t window = clock_ticks(clock, c->window_ns);
    c->begin = clock_now(clock) + clock_ticks(clock, PASS_LEAST_NS + PASS_NS * clients);
    c->from = c->begin + clock_ticks(clock, WARM_SHARE * c->window_ns + WAKE_NS * clients);
    c->until = c->from + window;
    c->end = c->until + window;
}

/* All sleep until the last has come, and then again until timers wake all at one time: who was
 * woken first would otherwise keep the cpu from who wakes the others. */
static void await_start(struct map_crowd *c)
{
    const struct clock *const clock = &c->stage->clock;
    if (atomic_fetch_add_explicit(&c->arrived, 1, memory_order_acq_rel) + 1 == c->clients)
        set_window(c);
    pthread_barrier_wait(&c->start);
    const uint64_t now = clock_now(clock);
    if (now < c->begin)
        map_sleep_ticks(clock, c->begin - now);
    else
        atomic_store_explicit(&c->late, true, memory_order_relaxed); /* ordered by crew_run */
}

/* Whether the clock will not reach the end, as in a trial of the stage. */
static bool is_stuck(const struct map_crowd *c, struct crowd_client *client)
{
    enum { ASKED_MANY = 1 << 10, ASKED_MOST = 1 << 24, WINDOWS_MOST = 32 };
    if (++client->asked % ASKED_MANY == 0)
        client->stuck =
            client->asked >= ASKED_MOST || (double)(clock_raw_ns() - client->began_raw_ns) >
                                               WINDOWS_MOST * (c->window_ns + c->plan->think_ns);
    return client->stuck;
}

/* Of what was done from one tick to another. A thread may be kept waiting in the middle of a batch,
 * on either side of the window's edge. What comes after thinking is one op, at its end. */
static double share_within(const struct map_crowd *c, uint64_t before, uint64_t after)
{
    const uint64_t first = before > c->from ? before : c->from;
    const uint64_t last = after < c->until ? after : c->until;
    if (thinks(c))
        return after >= c->from && after < c->until;
    return first < last ? (double)(last - first) / (double)(after - before) : 0;
}

/* Long against a read of the clock, and short: of a batch in which a thread was kept waiting, it is
 * not known on which side of the window's edge its ops were. */
static uint64_t fit_batch(const struct map_crowd *c, uint64_t n, uint64_t ticks)
{
    enum { BATCH_MOST = 1 << 10 };
    static const double BATCH_NS = 2e3;
    const double ns = clock_ns(&c->stage->clock, ticks);
    if (thinks(c) || (ns > BATCH_NS / 2 && ns < BATCH_NS * 2))
        return n;
    return ns > BATCH_NS ? n - n / 2 : n < BATCH_MOST ? n * 2 : n;
}

/* Attempts that are a batch at its end. */
static uint64_t count_ops(
    const struct map_crowd *c, struct crowd_client *client, const struct worker *worker)
{
    uint64_t n = 1, before = clock_now(&c->stage->clock), now;
    do {
        const uint64_t done = c->loops->plain(worker, n);
        now = clock_now(&c->stage->clock);
        const double share = share_within(c, before, now);
        client->ops += share * (double)done;
        client->reads += thinks(c) ? 0 : share;
        n = fit_batch(c, n, now - before);
        before = now;
    } while (now < c->until && !is_stuck(c, client));
    return n;
}

static void time_ops(
    const struct map_crowd *c, struct crowd_client *client, const struct worker *worker, uint64_t n)
{
    enum { TIMED_AT_ONCE = 8 };
    const bool times = !c->trial->point->load->burst;
    const uint64_t at_once = thinks(c) ? 1 : n < TIMED_AT_ONCE ? n : TIMED_AT_ONCE;
    while (times && clock_now(&c->stage->clock) < c->end && !is_stuck(c, client))
        c->loops->timed(worker, at_once);
}

static void take_part(void *context, unsigned index)
{
    struct map_crowd *const c = context;
    struct crowd_client *const client = &c->client[index];
    const struct clock *const clock = &c->stage->clock;
    const struct worker worker = {
        .state = &client->me, .clock = clock, .histogram = &client->histogram};
    prctl(PR_SET_TIMERSLACK, 1); /* or each would think some 50 us longer */
    set_up_client(c, index);
    join_map(c, client);
    await_start(c);
    client->began_raw_ns = clock_raw_ns();
    client->me.ends = c->end;
    client->place.ready = c->begin + client->thinks_ticks;
    if (!atomic_load_explicit(&c->failed, memory_order_relaxed))
        time_ops(c, client, &worker, count_ops(c, client, &worker));
    client->me.allocated = map_allocations() - client->me.allocated;
    client->strayed = crew_strayed();
    if (client->me.self)
        client->me.strategy->leave(client->me.self);
}

static const char *crowd_disturbance(const struct map_crowd *c)
{
    const char *reason = c->late ? "threads did not overlap" : "";
    for (unsigned i = 0; i < c->clients && !*reason; i++)
        reason = c->client[i].stuck ? "the clock jumped" : c->client[i].strayed ? "migration" : "";
    return stage_stopped(c->stage) ? stage_interrupted : reason;
}

static bool lacked_memory(const struct map_crowd *c)
{
    bool failed = c->failed;
    for (unsigned i = 0; i < c->clients && !failed; i++)
        failed = c->client[i].me.failed > 0;
    return failed;
}

/* Long enough for each to come to its turn a few times where all think, and for many turns of the
 * lock where none does. */
static double choose_window_ns(unsigned clients, double stretch)
{
    static const double LEAST_NS = 2e7, CLIENT_NS = 2e4, MOST_NS = 1e9;
    const double ns = stretch * (LEAST_NS + CLIENT_NS * (double)clients);
    return ns < MOST_NS ? ns : MOST_NS;
}

const char *map_crowd_run(struct map_crowd *c, const struct crowd_trial *trial)
{
    static const char no_memory[] = "out of memory";
    const struct maps_point *const p = trial->point;
    c->trial = trial;
    c->clients = p->clients;
    c->window_ns = choose_window_ns(c->clients, trial->stretch);
    c->loops = map_loops(p->load, thinks(c) ? CLIENTS_SLEEP : CLIENTS_NONE);
    c->arrived = 0;
    c->late = false;
    c->failed = false;
    if (pthread_barrier_init(&c->start, NULL, c->clients))
        return no_memory;
    /* What many threads replace is freed when all have had their turn: there may be no end of it.
     */
    const struct map_limit before = map_limit_set();
    crew_run_some(c->crew, c->index, c->clients, take_part, c);
    map_limit_end(before);
    pthread_barrier_destroy(&c->start);
    return lacked_memory(c) ? no_memory : crowd_disturbance(c);
}

void map_crowd_sum(const struct map_crowd *c, unsigned cpu, struct crowd_sum *sum)
{
    const struct clock *const clock = &c->stage->clock;
    double reads = 0;
    *sum = (struct crowd_sum){0};
    for (unsigned i = cpu; i < c->clients; i += c->trial->point->threads) {
        const struct crowd_client *const client = &c->client[i];
        sum->ops += client->ops;
        sum->writes += client->me.writes;
        sum->iterations += client->me.iterations;
        sum->iterated_ticks += client->me.iterated_ticks;
        sum->allocations += client->me.allocated;
        reads += client->reads;
        histogram_add(&sum->histogram, &client->histogram);
    }
    sum->seconds = (clock_ns(clock, c->until - c->from) - reads * clock->read_ns) / 1e9;
}

static int start_clients(struct map_crowd *c, unsigned clients, struct err *err)
{
    const struct maps_plan *const plan = c->plan;
    const unsigned cpus = plan->threads[plan->counts - 1];
    unsigned *const cpu = calloc(clients, sizeof *cpu);
    c->index = calloc(clients, sizeof *c->index);
    c->client = aligned_alloc(_Alignof(struct crowd_client), clients * sizeof *c->client);
    int code = cpu && c->index && c->client
                   ? 0
                   : err_set(err, -ENOMEM, "--client-threads: out of memory for %u", clients);
    for (unsigned i = 0; !code && i < clients; i++) {
        cpu[i] = plan->cpus.cpu[i % cpus];
        c->index[i] = i;
    }
    if (!code)
        code = crew_new_many(c->stage->crew, cpu, clients, &c->crew, err);
    free(cpu);
    return code;
}

int map_crowd_new(const struct stage *stage, const struct maps_plan *plan, struct map_crowd **out,
    struct err *err)
{
    struct map_crowd *const c = calloc(1, sizeof *c);
    if (!c)
        return err_set(err, -ENOMEM, "--client-threads: out of memory");
    *c = (struct map_crowd){.stage = stage, .plan = plan};
    const int code = start_clients(c, plan->client_threads[plan->client_thread_counts - 1], err);
    if (code)
        map_crowd_free(c);
    else
        *out = c;
    return code;
}

void map_crowd_free(struct map_crowd *c)
{
    if (!c)
        return;
    crew_free(c->crew);
    free(c->client);
    free(c->index);
    free(c);
}
