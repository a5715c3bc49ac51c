/* SPDX-License-Identifier: MIT
 * Trials of a pattern's loops, and the search for the private work between its accesses. */
#include "probes/replay/replay.h"

#include "probes/replay/replay_loop.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RETRIES = 3 };

int replay_stage_new(struct machine *machine, const struct topology *topology,
    const struct cpuset *cpus, uint64_t seed, struct stage **out, struct err *err)
{
    if (cpus->count < 2)
        return err_set(err, -EINVAL,
            "a price needs two cpus: on one no line is handed over while both threads use it");
    struct stage *const stage = aligned_alloc(_Alignof(struct stage), sizeof *stage);
    if (!stage)
        return err_set(err, -ENOMEM, "out of memory for a stage");
    int code = stage_init(stage, machine, topology, cpus, err);
    if (!code)
        code = canary_map(&stage->canary, stage->crew, topology,
            topology_cpu(topology, stage->cpu[0])->node, err);
    if (code) {
        replay_stage_free(stage);
        return code;
    }
    rng_seed(&stage->rng, seed);
    *out = stage;
    return 0;
}

void replay_stage_free(struct stage *stage)
{
    if (stage)
        stage_fini(stage);
    free(stage);
}

static uint32_t round_up(uint32_t bytes, uint32_t to)
{
    return (bytes + to - 1) / to * to;
}

/* The same accesses in about the same shares, though on different bytes. */
static bool same_work(const struct pattern_thread *a, const struct pattern_thread *b)
{
    const double tolerance = 0.1;
    for (size_t i = 0; i < a->accesses && a->accesses == b->accesses; i++) {
        const struct pattern_access *const x = &a->access[i], *const y = &b->access[i];
        if (x->op != y->op || x->size != y->size ||
            fabs(x->count / a->ops - y->count / b->ops) > tolerance)
            return false;
    }
    return a->accesses == b->accesses;
}

static void find_alike(struct replay *r)
{
    for (unsigned i = 0; i < r->pattern->threads; i++) {
        r->alike[i] = 0;
        while (!same_work(&r->pattern->thread[r->alike[i]], &r->pattern->thread[i]))
            r->alike[i]++;
    }
}

static int allocate_threads(struct replay *r)
{
    const size_t threads = r->pattern->threads;
    r->gap_ns = calloc(threads, sizeof *r->gap_ns);
    r->rests = calloc(threads, sizeof *r->rests);
    r->presence = calloc(threads, sizeof *r->presence);
    r->order = calloc(threads, sizeof *r->order);
    r->alike = calloc(threads, sizeof *r->alike);
    r->list = calloc((size_t)r->stage->threads * REPLAY_STEPS, sizeof *r->list);
    for (size_t i = 0; i < threads && r->presence; i++)
        r->presence[i] = 1;
    return r->gap_ns && r->rests && r->presence && r->order && r->alike && r->list ? 0 : -ENOMEM;
}

static int map_places(struct replay *r, struct err *err)
{
    const struct stage *const s = r->stage;
    uint32_t end = 0;
    for (size_t place = 0; place < PATTERN_PLACES; place++) {
        r->place_at[place] = end;
        end = round_up(end + r->pattern->bytes[place], PATTERN_APART);
    }
    r->arena = (struct arena){
        .area_bytes = arena_pages(end), .areas = ARENA_PLACES, .policy = s->canary.ball.policy};
    return arena_map(&r->arena, s->crew, s->topology, err);
}

int replay_new(
    struct stage *stage, const struct pattern *pattern, struct replay **out, struct err *err)
{
    struct replay *const r = calloc(1, sizeof *r);
    if (!r)
        return err_set(err, -ENOMEM, "out of memory for a replay");
    *r = (struct replay){.stage = stage, .pattern = pattern};
    const int code = allocate_threads(r)
                         ? err_set(err, -ENOMEM, "out of memory for %zu threads", pattern->threads)
                         : map_places(r, err);
    if (code) {
        replay_free(r);
        return code;
    }
    find_alike(r);
    *out = r;
    return 0;
}

void replay_free(struct replay *r)
{
    if (!r)
        return;
    arena_fini(&r->arena);
    free(r->gap_ns);
    free(r->rests);
    free(r->presence);
    free(r->order);
    free(r->alike);
    free(r->list);
    free(r);
}

void replay_move(struct replay *r)
{
    r->turn++;
}

unsigned replay_place(const struct replay *r)
{
    return arena_place(&r->arena, r->turn);
}

void replay_put(struct replay *r, enum pattern_place place)
{
    for (size_t i = 0; i < PATTERN_ITEMS; i++)
        r->where[i] = place;
}

static void *address_of(const struct replay *r, const struct pattern_access *a)
{
    const enum pattern_place place = r->where[a->item];
    return arena_area(&r->arena, r->turn) + r->place_at[place] + a->at[place];
}

static uint64_t kind_of(const struct pattern_access *a)
{
    return a->op * REPLAY_SIZES + (uint64_t)__builtin_ctz(a->size);
}

/* Each access is as frequent as its share, and spread evenly: the one most behind comes next. */
static void fill_list(
    const struct replay *r, const struct pattern_thread *t, struct replay_step *list)
{
    double behind[PATTERN_ACCESSES] = {0}, total = 0;
    for (size_t i = 0; i < t->accesses; i++)
        total += t->access[i].count;
    for (size_t k = 0; k < REPLAY_STEPS; k++) {
        size_t next = 0;
        for (size_t i = 0; i < t->accesses; i++) {
            behind[i] += t->access[i].count / total;
            if (behind[i] > behind[next])
                next = i;
        }
        behind[next] -= 1;
        const struct pattern_access *const a = &t->access[next];
        list[k] = (struct replay_step){address_of(r, a), kind_of(a)};
    }
}

/* A gap of a fractional number of steps alternates between longer and shorter ones; the rhythm is
 * kept short enough for a branch predictor. */
static uint64_t gap_of(double steps)
{
    const double unit = steps < 8 ? 8 : steps < 32 ? 2 : 1; /* parts of a step */
    return (uint64_t)(rint(steps * unit) / unit * (1 << REPLAY_GAP_BITS));
}

static const struct replay_loops *loops_here(void)
{
    const char *const flavour = arch_flavour();
    size_t i = 0;
    while (i + 1 < replay_loops_count && strcmp(replay_loops_table[i]->flavour, flavour) != 0)
        i++;
    return replay_loops_table[i];
}

static void set_member(struct replay *r, unsigned member, unsigned thread)
{
    struct stage *const s = r->stage;
    const struct pattern_thread *const t = &r->pattern->thread[thread];
    struct trial_thread *const me = &s->trial.thread[member];
    struct replay_step *const list = &r->list[(size_t)member * REPLAY_STEPS];
    const struct pattern_access *const first = &t->access[0];
    fill_list(r, t, list);
    me->loops = t->accesses == 1 ? &loops_here()->one[kind_of(first)] : &loops_here()->list;
    me->worker = (struct worker){.own = address_of(r, first),
        .list = list,
        .gap = gap_of(r->gap_ns[thread] * s->steps_a_ns[member]),
        .clock = &s->clock,
        .histogram = &me->histogram};
}

static bool try_group(struct replay *r, const unsigned *thread, unsigned count)
{
    r->stage->trial.threads = count;
    for (unsigned i = 0; i < count; i++)
        set_member(r, i, thread[i]);
    return !*stage_run(r->stage);
}

static bool measure_group(
    struct replay *r, const unsigned *thread, unsigned count, double *sum, unsigned *times)
{
    bool good = false;
    for (int i = 0; i <= RETRIES && !good && !stage_stopped(r->stage); i++)
        good = try_group(r, thread, count);
    for (unsigned i = 0; i < count && good; i++) {
        const struct trial_result *const result = &r->stage->result[i];
        sum[thread[i]] += result->seconds * 1e9 / (double)result->ops;
        times[thread[i]]++;
    }
    return good;
}

/* Is it there for less than half of the time? */
static bool is_guest(const struct replay *r, size_t thread)
{
    return r->presence[thread] < 0.5;
}

/* In which share of the time a guest is there; 0: there is none. */
static double guests_share(const struct replay *r)
{
    double share = 0;
    for (size_t i = 0; i < r->pattern->threads; i++)
        share += is_guest(r, i) && !r->rests[i] ? r->presence[i] : 0;
    return fmin(1, share);
}

/* Puts the threads that do not rest into r->order, at random; returns how many. */
static unsigned draw_threads(struct replay *r, bool guests)
{
    unsigned count = 0;
    for (unsigned i = 0; i < r->pattern->threads; i++)
        if (!r->rests[i] && (guests || !is_guest(r, i)))
            r->order[count++] = i;
    rng_shuffle(&r->stage->rng, r->order, count);
    return count;
}

static bool measure_threads(struct replay *r, bool guests, double *ns)
{
    const unsigned count = draw_threads(r, guests),
                   at_once = r->stage->threads < count ? r->stage->threads : count;
    unsigned *const times = calloc(r->pattern->threads, sizeof *times);
    bool good = times != NULL;
    for (size_t i = 0; i < r->pattern->threads; i++)
        ns[i] = 0;
    /* The last group is filled up with threads that have had their turn. */
    for (unsigned i = 0; i < count && good; i += at_once)
        good = measure_group(
            r, &r->order[i + at_once <= count ? i : count - at_once], at_once, ns, times);
    for (size_t i = 0; i < r->pattern->threads; i++)
        ns[i] = good && times[i] ? ns[i] / times[i] : NAN;
    free(times);
    return good;
}

bool replay_once(struct replay *r, double *ns)
{
    const double share = guests_share(r);
    double *const without = calloc(r->pattern->threads, sizeof *without);
    const bool good = without && measure_threads(r, true, ns) &&
                      (share == 0 || measure_threads(r, false, without));
    for (size_t i = 0; i < r->pattern->threads && good && share > 0; i++)
        if (!is_guest(r, i))
            ns[i] = share * ns[i] + (1 - share) * without[i];
    free(without);
    return good;
}

/* At about the same pace. */
static bool pair_up(const struct replay *r, const double *target_ns, size_t a, size_t b)
{
    const double most = 1.5, ratio = target_ns[a] / target_ns[b];
    return !r->rests[a] && !r->rests[b] && r->alike[a] == r->alike[b] && ratio < most &&
           ratio > 1 / most;
}

/* By how much thread i and those like it are too fast on average. */
static double off_by(const struct replay *r, const double *target_ns, const double *ns, size_t i)
{
    double off = 0, count = 0;
    for (size_t j = 0; j < r->pattern->threads; j++)
        if (pair_up(r, target_ns, i, j)) {
            off += target_ns[j] - ns[j];
            count++;
        }
    return off / count;
}

void replay_pace(struct replay *r, const double *target_ns, unsigned rounds)
{
    /* Below 1: where more private work means fewer transfers, a whole step overshoots. */
    const double step = 0.7, close = 0.01;
    const size_t threads = r->pattern->threads;
    double *const ns = calloc(threads, sizeof *ns);
    bool there = false;
    for (size_t i = 0; i < threads; i++)
        r->rests[i] = !isfinite(target_ns[i]);
    for (unsigned k = 0; ns && k < rounds && !there && replay_once(r, ns); k++) {
        there = true;
        for (size_t i = 0; i < threads; i++) {
            const double off = r->rests[i] ? 0 : off_by(r, target_ns, ns, i);
            if (fabs(off) < close * target_ns[i])
                continue;
            there &= off < 0 && r->gap_ns[i] <= 0;
            r->gap_ns[i] = fmax(0, r->gap_ns[i] + step * off);
        }
    }
    free(ns);
}
