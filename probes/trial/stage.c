/* SPDX-License-Identifier: MIT
 * Threads, clock and counters of trials. */
#include "probes/trial/stage.h"

#include "machine/crew_clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char stage_interrupted[] = "interrupted";

static int allocate_threads(struct stage *stage, const struct cpuset *cpus)
{
    const size_t n = cpus->count, bytes = n * sizeof *stage->trial.thread;
    stage->cpu = calloc(n, sizeof *stage->cpu);
    stage->steps_a_ns = calloc(n, sizeof *stage->steps_a_ns);
    stage->result = calloc(n, sizeof *stage->result);
    stage->trial.thread = aligned_alloc(_Alignof(struct trial_thread), bytes);
    if (!stage->cpu || !stage->steps_a_ns || !stage->result || !stage->trial.thread)
        return -ENOMEM;
    memcpy(stage->cpu, cpus->cpu, n * sizeof *stage->cpu);
    memset(stage->trial.thread, 0, bytes);
    stage->threads = (unsigned)n;
    return 0;
}

static void prepare_thread(void *context, unsigned thread)
{
    struct stage *const stage = context;
    stage->trial.thread[thread].software = counters_open_software(stage->cpu[thread]);
    stage->steps_a_ns[thread] = trial_steps_a_ns(&stage->clock);
}

int stage_init(struct stage *stage, struct machine *machine, const struct topology *topology,
    const struct cpuset *cpus, struct err *err)
{
    memset(stage, 0, sizeof *stage);
    if (allocate_threads(stage, cpus))
        return err_set(err, -ENOMEM, "out of memory for %zu threads", cpus->count);
    const int code = crew_new(machine, stage->cpu, stage->threads, &stage->crew, err);
    if (code)
        return code;
    stage->topology = topology;
    crew_calibrate(stage->crew, &stage->clock);
    crew_run(stage->crew, prepare_thread, stage);
    canary_init(&stage->canary, topology, stage->cpu, stage->threads);
    stage->trial.clock = &stage->clock;
    stage->trial.threads = stage->threads;
    stage->trial.window_ns = trial_window_ns(stage->clock.read_ns);
    stage->trial.batch_ns = trial_batch_ns(stage->trial.window_ns, stage->clock.read_ns);
    return 0;
}

void stage_fini(struct stage *stage)
{
    for (unsigned i = 0; i < stage->threads; i++)
        counters_close(stage->trial.thread[i].software);
    crew_free(stage->crew);
    canary_fini(&stage->canary);
    free(stage->cpu);
    free(stage->steps_a_ns);
    free(stage->result);
    free(stage->trial.thread);
}

const char *stage_disturbance(const struct stage *stage)
{
    return stage_stopped(stage)
               ? stage_interrupted
               : trial_disturbance(&stage->trial, stage->result, stage->overlap_ns);
}

const char *stage_run(struct stage *stage)
{
    trial_run(&stage->trial, stage->crew);
    stage->overlap_ns = trial_results(&stage->trial, stage->result);
    return stage_disturbance(stage);
}
