/* SPDX-License-Identifier: MIT
 * A map's life in a trial. */
#include "probes/maps/map_trial.h"

#include "maps/memory.h"
#include "maps/table.h"
#include "probes/maps/map_crowd.h"
#include "probes/maps/map_empty.h"
#include "probes/maps/map_results.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char no_memory[] = "out of memory";

/* Of clients that are threads, too, which are bound to the cpus in turn. */
static struct map_homes *new_homes(const struct maps_plan *plan)
{
    const unsigned threads = plan->threads[plan->counts - 1];
    const unsigned clients =
        plan->client_thread_counts ? plan->client_threads[plan->client_thread_counts - 1] : 0;
    return map_homes_new(plan->owner_node, threads, clients > threads ? clients : threads);
}

int map_trial_init(struct map_trial *t, struct stage *stage, const struct maps_plan *plan,
    uint64_t seed, struct err *err)
{
    *t = (struct map_trial){.stage = stage, .plan = plan, .seed = seed};
    t->room = steps_room(plan->load, plan->loads, plan->threads, plan->counts);
    t->thread = aligned_alloc(_Alignof(struct map_thread), stage->threads * sizeof *t->thread);
    t->step = calloc(stage->threads, t->room * sizeof *t->step);
    t->filling = calloc(1, sizeof *t->filling);
    const size_t clients = plan->client_counts ? plan->clients[plan->client_counts - 1] : 0;
    if (clients)
        t->client = aligned_alloc(_Alignof(struct map_client), clients * sizeof *t->client);
    if (plan->owner_node)
        t->homes = new_homes(plan);
    if (!t->thread || !t->step || !t->filling || (clients && !t->client) ||
        (plan->owner_node && !t->homes))
        return err_set(err, -ENOMEM, "out of memory for the steps of %u threads and %zu clients",
            stage->threads, clients);
    return plan->client_thread_counts ? map_crowd_new(stage, plan, &t->crowd, err) : 0;
}

void map_trial_fini(struct map_trial *t)
{
    map_crowd_free(t->crowd);
    if (t->filling)
        table_fini(t->filling);
    free(t->filling);
    free(t->thread);
    free(t->step);
    free(t->client);
    map_homes_free(t->homes);
}

/* A trial under way. */
struct under_way {
    struct map_trial *trial;
    const struct maps_point *point;
    struct map_manner manner;
    uint64_t turn; /* random: where in its steps a thread begins, since a window need not see all */
    void *map;
    bool failed; /* no memory */
    struct map_result *result;
};

static void draw_thread(void *context, unsigned thread)
{
    struct map_trial *const t = context;
    if (thread < t->drawn_threads)
        steps_draw_seeded(t->drawn, (struct steps_place){thread, t->drawn_threads}, t->seed,
            t->step + thread * t->room);
}

static int fill_table(struct table *table, uint64_t keys, unsigned words)
{
    const uint64_t value[MAP_WORDS] = {0};
    table_fini(table);
    int code = table_init(table, keys, words);
    for (uint64_t key = 0; !code && key < keys; key++)
        if (table_put(table, key, value) == MAP_NO_MEMORY)
            code = -ENOMEM;
    return code;
}

/* Steps and keys of the point's load, unless they are those of the trial before. */
static int draw_load(struct map_trial *t, const struct maps_point *point)
{
    if (t->drawn == point->load && t->drawn_threads == point->threads)
        return 0;
    t->drawn = point->load;
    t->drawn_threads = point->threads;
    crew_run(t->stage->crew, draw_thread, t);
    return fill_table(t->filling, load_keys(point->load, point->threads), point->load->words);
}

static bool put_all(const struct map_strategy *s, void *self, const struct table *from)
{
    bool done = true;
    for (uint64_t i = 0; done && i <= from->mask; i++) {
        const uint64_t *const slot = table_slot(from, i);
        done = !*slot || s->put(self, *slot - 1, slot + 1) != MAP_NO_MEMORY;
    }
    return done;
}

/* Each key once, so that the load finds what it leaves behind: twotier has promoted them all. */
static void get_all(const struct map_strategy *s, void *self, const struct table *from)
{
    uint64_t value[MAP_WORDS];
    for (uint64_t i = 0; i <= from->mask; i++) {
        const uint64_t *const slot = table_slot(from, i);
        if (*slot)
            s->get(self, *slot - 1, value);
    }
}

/* On the thread that is nearest to the memory. */
static int make_map(void *context, struct err *err)
{
    (void)err;
    struct under_way *const u = context;
    const struct maps_point *const p = u->point;
    const struct map_strategy *const s = p->strategy;
    const struct map_needs needs = {.keys = load_keys(p->load, p->threads),
        .threads = p->client_threads ? p->clients : p->threads,
        .words = p->load->words,
        .copies = p->copies,
        .quiesce = u->trial->plan->quiesce,
        .home = s->homes ? map_homes_list(u->trial->homes) : NULL};
    u->map = s->make(&needs);
    void *const self = u->map ? s->join(u->map, 0) : NULL;
    u->failed = !self ||
                !(s->fill ? s->fill(self, u->trial->filling) : put_all(s, self, u->trial->filling));
    if (self && !u->failed)
        get_all(s, self, u->trial->filling);
    if (self)
        s->leave(self);
    return 0;
}

/* As many for each thread as can be; each begins at another step, and has thought for a while. */
static void deal_clients(const struct under_way *u, struct map_thread *me, unsigned thread)
{
    const uint64_t all = u->point->clients, threads = u->point->threads;
    const uint64_t first = all * thread / threads, end = all * (thread + 1) / threads;
    const uint64_t now = clock_now(me->clock);
    struct rng rng;
    rng_seed(&rng, u->turn + thread);
    me->client = u->trial->client + first;
    me->clients = end - first;
    me->think_ticks = clock_ticks(me->clock, u->trial->plan->think_ns);
    for (uint64_t i = 0; i < me->clients; i++) {
        const double thought = rng_real(&rng);
        me->client[i] =
            (struct map_client){.ready = now + (uint64_t)(thought * (double)me->think_ticks),
                .at = rng_next(&rng) % me->steps};
    }
}

static void set_up_thread(const struct under_way *u, unsigned thread)
{
    struct map_trial *const t = u->trial;
    const unsigned threads = u->point->threads;
    const uint64_t steps = steps_count(u->point->load, threads);
    t->thread[thread] = (struct map_thread){.strategy = u->point->strategy,
        .step = t->step + thread * t->room,
        .steps = steps,
        .at = u->turn % steps,
        .clock = &t->stage->clock,
        .place = {thread, threads},
        .next = load_keys(u->point->load, threads) / threads};
}

static void join_map(void *context, unsigned thread)
{
    struct under_way *const u = context;
    struct map_thread *const me = &u->trial->thread[thread];
    if (thread >= u->point->threads)
        return;
    set_up_thread(u, thread);
    if (u->point->clients)
        deal_clients(u, me, thread);
    me->self = u->point->strategy->join(u->map, thread);
    me->allocated = map_allocations();
    if (!me->self)
        __atomic_store_n(&u->failed, true, __ATOMIC_RELAXED);
}

static void leave_map(void *context, unsigned thread)
{
    struct under_way *const u = context;
    struct map_thread *const me = &u->trial->thread[thread];
    if (thread >= u->point->threads || !me->self)
        return;
    me->allocated = map_allocations() - me->allocated;
    u->point->strategy->leave(me->self);
}

void map_trial_set_window(struct stage *stage, const struct maps_point *point, double stretch)
{
    const struct load *const load = point->load;
    static const double STEP_NS = 100, TURNS = 1, WINDOW_MOST_NS = 3e7;
    const double turns =
        load->burst ? TURNS * STEP_NS * (double)steps_count(load, point->threads) : 0;
    const double read_ns = stage->clock.read_ns;
    const double window_ns = stretch * fmax(trial_window_ns(read_ns), turns);
    stage->trial.window_ns = fmin(window_ns, WINDOW_MOST_NS);
    stage->trial.batch_ns = trial_batch_ns(stage->trial.window_ns, read_ns);
}

static void set_threads(struct under_way *u)
{
    struct stage *const stage = u->trial->stage;
    stage->trial.threads = u->point->threads;
    /* A second window, in which ops are timed one by one; a burst's are all alike, and long enough
     * without. */
    stage->trial.latency = !u->point->load->burst;
    stage->trial.waits = true;
    stage->trial.helped = u->point->strategy->facts != NULL;
    map_trial_set_window(stage, u->point, u->manner.stretch);
    for (unsigned i = 0; i < u->point->threads; i++) {
        struct trial_thread *const me = &stage->trial.thread[i];
        me->loops = map_loops(u->point->load, u->point->clients ? CLIENTS_DEALT : CLIENTS_NONE);
        me->worker = (struct worker){.state = &u->trial->thread[i],
            .clock = &stage->clock,
            .histogram = &me->histogram,
            .seen = &me->seen};
    }
}

static void run_threads(struct under_way *u, struct map_outcome *out)
{
    struct stage *const stage = u->trial->stage;
    crew_run(stage->crew, join_map, u);
    if (!u->failed) {
        set_threads(u);
        out->reason = stage_run(stage);
    }
    crew_run(stage->crew, leave_map, u);
    if (!u->failed)
        map_results_threads(u->trial, u->point, u->result);
    for (unsigned i = 0; i < u->point->threads && !u->failed; i++)
        if (u->trial->thread[i].failed)
            out->reason = no_memory;
}

/* Its clients set out from what the threads of their cpus would do. */
static void run_crowd(struct under_way *u, struct map_outcome *out)
{
    const struct crowd_trial trial = {.point = u->point,
        .map = u->map,
        .thread = u->trial->thread,
        .turn = u->turn,
        .stretch = u->manner.stretch};
    for (unsigned i = 0; i < u->point->threads; i++)
        set_up_thread(u, i);
    out->reason = map_crowd_run(u->trial->crowd, &trial);
    if (map_results_crowd(u->trial, u->point, u->result))
        out->reason = no_memory;
}

static int empty_map(void *context, struct err *err)
{
    (void)err;
    const struct under_way *const u = context;
    const struct map_strategy *const s = u->point->strategy;
    void *const self = s->join(u->map, 0);
    const bool done = self && map_empty(s, self, &u->trial->stage->clock);
    if (self)
        s->leave(self);
    map_wait_freed(s, u->map);
    return done ? 0 : -ENOMEM;
}

static void verify_map(const struct under_way *u, struct map_outcome *out)
{
    struct err err;
    const char *how = "";
    struct map_trial *const t = u->trial;
    if (memory_verify(u->map, sizeof(uint64_t), t->plan->memory, &how, &err) ||
        (t->homes && map_homes_verify(t->homes, &how, &err)))
        out->reason = "memory on another node";
    out->verified = how;
}

static double held_bytes(const struct map_trial *t)
{
    return map_heap_bytes() + map_homes_bytes(t->homes);
}

void map_trial_run(struct map_trial *t, const struct maps_point *point, struct map_manner manner,
    struct map_outcome *out, struct map_result *result)
{
    const struct map_strategy *const s = point->strategy;
    struct under_way u = {.trial = t, .point = point, .manner = manner, .result = result};
    u.turn = rng_next(&t->stage->rng);
    struct crew *const crew = t->stage->crew;
    const unsigned near = crew_near(crew, t->stage->topology, t->plan->memory.node);
    *out = (struct map_outcome){
        .reason = no_memory, .verified = "", .full_bytes = NAN, .emptied_bytes = NAN};
    map_results_clear(result, point->threads);
    if (draw_load(t, point))
        return;
    const double before = held_bytes(t);
    crew_call(crew, near, make_map, &u, NULL);
    if (!u.failed) {
        if (point->client_threads)
            run_crowd(&u, out);
        else
            run_threads(&u, out);
        out->full_bytes = held_bytes(t) - before;
        if (out->full_bytes > 0)
            verify_map(&u, out);
    }
    if (!u.failed && manner.empties && crew_call(crew, near, empty_map, &u, NULL) == 0)
        out->emptied_bytes = held_bytes(t) - before;
    if (!u.failed && s->facts)
        s->facts(u.map, &out->facts);
    if (u.map)
        s->destroy(u.map);
}
