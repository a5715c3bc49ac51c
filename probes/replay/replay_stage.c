/* SPDX-License-Identifier: MIT
 * The threads, clock and canary that patterns are replayed with. */
#include "probes/replay/replay.h"

#include "probes/replay/replay_loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int allocate(struct replay_stage *s, unsigned cpus, struct err *err)
{
    s->cpus = cpus;
    s->cpu = calloc(cpus, sizeof *s->cpu);
    s->steps_a_ns = calloc(cpus, sizeof *s->steps_a_ns);
    s->software = calloc(cpus, sizeof *s->software);
    s->result = calloc(cpus, sizeof *s->result);
    s->list = calloc((size_t)cpus * REPLAY_STEPS, sizeof *s->list);
    s->trial.thread = aligned_alloc(_Alignof(struct trial_thread), cpus * sizeof *s->trial.thread);
    if (!s->cpu || !s->steps_a_ns || !s->software || !s->result || !s->list || !s->trial.thread)
        return err_set(err, -ENOMEM, "out of memory for %u threads", cpus);
    memset(s->trial.thread, 0, cpus * sizeof *s->trial.thread);
    return 0;
}

static void prepare_clock(void *context, unsigned thread)
{
    struct replay_stage *s = context;
    if (thread == 0)
        clock_calibrate(&s->clock);
}

/* Each thread its own, since cores may differ in speed. */
static void prepare_thread(void *context, unsigned thread)
{
    enum { SAMPLE_NS = 1000 /* of private work, by which its rate is found */ };
    struct replay_stage *s = context;
    s->software[thread] = counters_open_software(s->cpu[thread]);
    s->steps_a_ns[thread] = (double)trial_gap_steps(&s->clock, SAMPLE_NS) / SAMPLE_NS;
}

static int prepare(struct replay_stage *s, struct machine *machine, const struct topology *topology,
    const unsigned *cpu, unsigned cpus, struct err *err)
{
    int code = allocate(s, cpus, err);
    if (code)
        return code;
    memcpy(s->cpu, cpu, cpus * sizeof *cpu);
    s->policy.node = topology_cpu(topology, cpu[0])->node;
    code = crew_new(machine, cpu, cpus, &s->crew, err);
    if (code)
        return code;
    crew_run(s->crew, prepare_clock, s);
    crew_run(s->crew, prepare_thread, s);
    return canary_init(&s->canary, topology, cpu, cpus, s->policy, err);
}

int replay_stage_new(struct machine *machine, const struct topology *topology, const unsigned *cpu,
    unsigned cpus, uint64_t seed, struct replay_stage **out, struct err *err)
{
    if (cpus < 2)
        return err_set(err, -EINVAL,
            "a price needs two cpus: on one no line is handed over while both threads use it");
    struct replay_stage *const s = aligned_alloc(_Alignof(struct replay_stage), sizeof *s);
    if (!s)
        return err_set(err, -ENOMEM, "out of memory");
    memset(s, 0, sizeof *s);
    rng_seed(&s->rng, seed);
    const int code = prepare(s, machine, topology, cpu, cpus, err);
    if (code) {
        replay_stage_free(s);
        return code;
    }
    s->trial.clock = &s->clock;
    *out = s;
    return 0;
}

void replay_stage_free(struct replay_stage *s)
{
    if (!s)
        return;
    for (unsigned i = 0; s->software && i < s->cpus; i++)
        counters_close(s->software[i]);
    crew_free(s->crew);
    canary_fini(&s->canary);
    free(s->cpu);
    free(s->steps_a_ns);
    free(s->software);
    free(s->result);
    free(s->list);
    free(s->trial.thread);
    free(s);
}
