/* SPDX-License-Identifier: MIT
 * Trials of a pattern's loops, and the search for the private work between its accesses. */
#include "probes/replay/replay.h"

#include "probes/replay/replay_loop.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW_NS = 1000000, /* as of `run` */
    AREAS = 8,           /* taken in turn: which page and L3 slice a line is in has an effect */
    PAGE = 4096,
    RETRIES = 3
};

static uint32_t round_up(uint32_t bytes, uint32_t to)
{
    return (bytes + to - 1) / to * to;
}

struct errand {
    struct replay *replay;
    int code;
    struct err *err;
};

static void map_memory(void *context, unsigned thread)
{
    struct errand *const e = context;
    struct replay *const r = e->replay;
    if (thread == 0)
        e->code = memory_new(AREAS * r->area_bytes, r->stage->policy, (void **)&r->memory, e->err);
}

/* The same accesses, whatever bytes of their own they go to, in about the same shares. */
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

int replay_new(
    struct replay_stage *stage, const struct pattern *pattern, struct replay **out, struct err *err)
{
    struct replay *const r = calloc(1, sizeof *r);
    if (!r)
        return err_set(err, -ENOMEM, "out of memory");
    *r = (struct replay){.stage = stage, .pattern = pattern};
    r->gap_ns = calloc(pattern->threads, sizeof *r->gap_ns);
    r->rests = calloc(pattern->threads, sizeof *r->rests);
    r->order = calloc(pattern->threads, sizeof *r->order);
    r->alike = calloc(pattern->threads, sizeof *r->alike);
    r->place_at[PATTERN_PADDED] = round_up(pattern->bytes[PATTERN_SHARED], PATTERN_APART);
    r->area_bytes = round_up(r->place_at[PATTERN_PADDED] + pattern->bytes[PATTERN_PADDED], PAGE);
    struct errand e = {.replay = r, .err = err};
    if (r->gap_ns && r->rests && r->order && r->alike) {
        find_alike(r);
        crew_run(stage->crew, map_memory, &e);
    } else {
        e.code = err_set(err, -ENOMEM, "out of memory for %zu threads", pattern->threads);
    }
    if (e.code) {
        replay_free(r);
        return e.code;
    }
    *out = r;
    return 0;
}

void replay_free(struct replay *r)
{
    if (!r)
        return;
    if (r->memory)
        memory_free(r->memory, AREAS * r->area_bytes, r->stage->policy);
    free(r->gap_ns);
    free(r->rests);
    free(r->order);
    free(r->alike);
    free(r);
}

void replay_move(struct replay *r)
{
    r->turn++;
}

static void *address_of(const struct replay *r, enum pattern_place place, uint32_t at)
{
    return r->memory + r->turn % AREAS * r->area_bytes + r->place_at[place] + at;
}

static uint64_t kind_of(const struct pattern_access *a)
{
    return a->op * REPLAY_SIZES + (uint64_t)__builtin_ctz(a->size);
}

/* Each access as often as its share, and spread evenly: the one that is most behind comes next. */
static void fill_list(const struct replay *r, const struct pattern_thread *t,
    enum pattern_place place, struct replay_step *list)
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
        list[k] = (struct replay_step){address_of(r, place, a->at[place]), kind_of(a)};
    }
}

/* A gap whose steps do not come out even makes a rhythm of longer and shorter ones; it is kept
 * short enough for a branch predictor. */
static uint64_t gap_of(double steps)
{
    const double unit = steps < 8 ? 8 : steps < 32 ? 2 : 1; /* parts of a step */
    return (uint64_t)(rint(steps * unit) / unit * (1 << REPLAY_GAP_BITS));
}

static const struct replay_loops *loops(void)
{
    const char *const flavour = arch_flavour();
    size_t i = 0;
    while (i + 1 < replay_loops_count && strcmp(replay_loops_table[i]->flavour, flavour) != 0)
        i++;
    return replay_loops_table[i];
}

static void set_member(struct replay *r, enum pattern_place place, unsigned member, unsigned thread)
{
    struct replay_stage *const s = r->stage;
    const struct pattern_thread *const t = &r->pattern->thread[thread];
    struct trial_thread *const me = &s->trial.thread[member];
    struct replay_step *const list = &s->list[(size_t)member * REPLAY_STEPS];
    const struct pattern_access *const first = &t->access[0];
    fill_list(r, t, place, list);
    me->cpu = s->cpu[member];
    me->software = s->software[member];
    me->loops = t->accesses == 1 ? &loops()->one[kind_of(first)] : &loops()->list;
    me->lane = (struct worker){.own = address_of(r, place, first->at[place]),
        .list = list,
        .gap = gap_of(r->gap_ns[thread] * s->steps_a_ns[member]),
        .clock = &s->clock,
        .histogram = &me->histogram};
}

static bool try_group(
    struct replay *r, enum pattern_place place, const unsigned *thread, unsigned count)
{
    struct replay_stage *const s = r->stage;
    s->trial.threads = count;
    s->trial.window_ns = WINDOW_NS;
    for (unsigned i = 0; i < count; i++)
        set_member(r, place, i, thread[i]);
    trial_run(&s->trial, s->crew);
    const double overlap_ns = trial_results(&s->trial, s->result);
    return !*trial_disturbance(&s->trial, s->result, overlap_ns);
}

static bool stopped(const struct replay_stage *s)
{
    return s->stop && *s->stop;
}

static bool measure_group(struct replay *r, enum pattern_place place, const unsigned *thread,
    unsigned count, double *sum, unsigned *times)
{
    bool good = false;
    for (int i = 0; i <= RETRIES && !good && !stopped(r->stage); i++)
        good = try_group(r, place, thread, count);
    for (unsigned i = 0; i < count && good; i++) {
        const struct trial_result *const result = &r->stage->result[i];
        sum[thread[i]] += result->seconds * 1e9 / (double)result->ops;
        times[thread[i]]++;
    }
    return good;
}

/* Threads that play, in random order; returns how many. */
static unsigned draw(struct replay *r)
{
    unsigned count = 0;
    for (unsigned i = 0; i < r->pattern->threads; i++)
        if (!r->rests[i])
            r->order[count++] = i;
    rng_shuffle(&r->stage->rng, r->order, count);
    return count;
}

bool replay_once(struct replay *r, enum pattern_place place, double *ns)
{
    const unsigned count = draw(r), at_once = r->stage->cpus < count ? r->stage->cpus : count;
    unsigned *const times = calloc(r->pattern->threads, sizeof *times);
    bool good = times != NULL;
    for (size_t i = 0; i < r->pattern->threads; i++)
        ns[i] = 0;
    /* The last group is filled up with those that had their turn. */
    for (unsigned i = 0; i < count && good; i += at_once)
        good = measure_group(
            r, place, &r->order[i + at_once <= count ? i : count - at_once], at_once, ns, times);
    for (size_t i = 0; i < r->pattern->threads; i++)
        ns[i] = good && times[i] ? ns[i] / times[i] : NAN;
    free(times);
    return good;
}

/* At about the same pace. */
static bool pair_up(const struct replay *r, const double *target_ns, size_t a, size_t b)
{
    const double most = 1.5, ratio = target_ns[a] / target_ns[b];
    return !r->rests[a] && !r->rests[b] && r->alike[a] == r->alike[b] && ratio < most &&
           ratio > 1 / most;
}

/* By how much thread i and those like it are too fast, in the mean. */
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

void replay_pace(
    struct replay *r, enum pattern_place place, const double *target_ns, unsigned rounds)
{
    /* Below 1: where more private work means fewer transfers, a whole step overshoots. */
    const double step = 0.7, close = 0.01;
    const size_t threads = r->pattern->threads;
    double *const ns = calloc(threads, sizeof *ns);
    bool there = false;
    for (size_t i = 0; i < threads; i++)
        r->rests[i] = !isfinite(target_ns[i]);
    for (unsigned k = 0; ns && k < rounds && !there && replay_once(r, place, ns); k++) {
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
