/* SPDX-License-Identifier: MIT
 * The order of runs, what --shake shifts, and which blocks count. */
#include "probes/ab/ab_block.h"

#include "base/grow.h"
#include "machine/system/system.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/personality.h>

/* A block counts if at most this share of its cpus' time was stolen. The kernel counts in steps of
 * 10 ms. */
static const double steal_most = 0.02;

struct ab_series {
    const struct ab_setting *setting;
    struct ab_runner runner;
    struct ab_canary canary;
    struct ab_reading before, after;
    struct rng rng;
    unsigned order[AB_SLOTS], slots, block;
    struct cpuset steal_cpus; /* cpus whose steal counts */
    bool begun;
};

/* Without pinning a program may run on any cpu of this process. */
static int name_cpus(struct ab_series *s, const struct topology *topology)
{
    if (s->setting->cpus.count)
        return cpuset_copy(&s->setting->cpus, &s->steal_cpus);
    s->steal_cpus.cpu = calloc(topology->cpus + 1, sizeof *s->steal_cpus.cpu);
    for (size_t i = 0; s->steal_cpus.cpu && i < topology->cpus; i++)
        if (topology->cpu[i].allowed)
            s->steal_cpus.cpu[s->steal_cpus.count++] = topology->cpu[i].cpu;
    return s->steal_cpus.cpu ? 0 : -ENOMEM;
}

/* Where this process was started without randomisation of addresses, its programs would be, too. */
static void randomise_addresses(void)
{
    const int now = personality(0xffffffff);
    if (now >= 0)
        personality((unsigned long)now & ~(unsigned long)ADDR_NO_RANDOMIZE);
}

static int open_series(
    struct ab_series *s, struct machine *machine, const struct topology *topology, struct err *err)
{
    int code = ab_runner_init(&s->runner, s->setting, err);
    if (!code)
        code = ab_canary_init(&s->canary, machine, topology, &s->setting->cpus, err);
    if (code)
        return code;
    if (ab_reading_init(&s->canary, &s->before) || ab_reading_init(&s->canary, &s->after) ||
        name_cpus(s, topology))
        return err_set(err, -ENOMEM, "out of memory for the canary");
    if (s->setting->shake)
        randomise_addresses();
    return 0;
}

int ab_series_new(struct machine *machine, const struct topology *topology,
    const struct ab_setting *setting, uint64_t seed, struct ab_series **series, struct err *err)
{
    struct ab_series *const s = *series = calloc(1, sizeof *s);
    if (!s)
        return err_set(err, -ENOMEM, "out of memory");
    s->setting = setting;
    s->slots = setting->programs + 1;
    for (unsigned i = 0; i < s->slots; i++)
        s->order[i] = i;
    rng_seed(&s->rng, seed);
    return open_series(s, machine, topology, err);
}

void ab_series_free(struct ab_series *series)
{
    if (!series)
        return;
    ab_runner_fini(&series->runner);
    ab_canary_fini(&series->canary);
    ab_reading_fini(&series->before);
    ab_reading_fini(&series->after);
    cpuset_fini(&series->steal_cpus);
    free(series);
}

void ab_series_deadline(struct ab_series *series, uint64_t raw_ns)
{
    series->runner.deadline_ns = raw_ns;
}

const struct ab_runner *ab_series_runner(const struct ab_series *series)
{
    return &series->runner;
}

double ab_canary_best_ns(const struct ab_series *series)
{
    return series->canary.best_ns;
}

/* The first program twice: only then it is known whether it prints the same each time. */
static int check_first(struct ab_series *s, struct err *err)
{
    double unused[AB_MEASURES];
    const int code = ab_run_program(&s->runner, 0, unused, err);
    return code ? code : ab_run_program(&s->runner, s->setting->programs, unused, err);
}

int ab_warm_up(struct ab_series *s, uint64_t runs, struct err *err)
{
    double unused[AB_MEASURES];
    int code = s->setting->same_output ? check_first(s, err) : 0;
    for (uint64_t i = 0; i < runs; i++)
        for (unsigned slot = 0; slot < s->setting->programs && !code; slot++)
            code = ab_run_program(&s->runner, slot, unused, err);
    return code;
}

static double stolen_ns(const struct ab_series *s)
{
    uint64_t ns = 0;
    return system_steal_ns(s->steal_cpus.cpu, s->steal_cpus.count, &ns) ? NAN : (double)ns;
}

static int run_slots(struct ab_series *s, struct ab_run run[AB_SLOTS], struct err *err)
{
    int code = 0;
    rng_shuffle(&s->rng, s->order, s->slots);
    s->runner.padding = rng_below(&s->rng, AB_SHAKE_MAX + 1);
    for (unsigned i = 0; i < s->slots && !code; i++) {
        run[i] = (struct ab_run){.block = s->block, .order = i, .slot = s->order[i]};
        code = ab_run_program(&s->runner, run[i].slot, run[i].value, err);
    }
    return code;
}

/* Why a block does not count; "" when it does. */
static const char *block_disturbance(const struct ab_series *s, double stolen, double took_ns)
{
    return !ab_canary_agree(&s->canary, &s->before, &s->after)           ? "canary moved"
           : stolen > steal_most * took_ns * (double)s->steal_cpus.count ? "stolen time"
                                                                         : "";
}

static int append_runs(struct ab_session *session, const struct ab_run *run, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (GROW(session->run, session->runs))
            return -ENOMEM;
        session->run[session->runs++] = run[i];
    }
    return 0;
}

static void describe_runs(const struct ab_series *s, const char *reason, struct ab_run *run)
{
    for (unsigned i = 0; i < s->slots; i++) {
        run[i].accepted = !*reason;
        run[i].reject_reason = reason;
        run[i].canary_ns = ab_canary_ns(&s->canary, &s->before);
        run[i].canary_after_ns = ab_canary_ns(&s->canary, &s->after);
        run[i].round_trip_ns = canary_ns(&s->canary.turns, &s->after.turns);
    }
}

int ab_block(struct ab_series *s, struct ab_session *session, struct err *err)
{
    struct ab_run run[AB_SLOTS];
    if (!s->begun)
        ab_canary_read(&s->canary, &s->before);
    s->begun = true;
    const double stolen_before = stolen_ns(s);
    const uint64_t began = clock_raw_ns();
    const int code = run_slots(s, run, err);
    if (code)
        return code;
    const double took_ns = (double)(clock_raw_ns() - began);
    const double stolen = stolen_ns(s) - stolen_before;
    ab_canary_read(&s->canary, &s->after);
    describe_runs(s, block_disturbance(s, stolen, took_ns), run);
    ab_canary_swap(&s->before, &s->after);
    s->block++;
    return append_runs(session, run, s->slots) ? err_set(err, -ENOMEM, "out of memory for the runs")
                                               : 0;
}
