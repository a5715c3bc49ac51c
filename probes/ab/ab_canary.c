/* SPDX-License-Identifier: MIT
 * The loop and the ping-pong. */
#include "probes/ab/ab_canary.h"

#include "base/compare.h"
#include "machine/crew_clock.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A chain of multiplications, which no core can shorten and which needs no memory. */
static uint64_t run_chain(uint64_t x)
{
    for (unsigned i = 0; i < AB_CANARY_STEPS; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
        __asm__("" : "+r"(x));
    }
    return x;
}

static double time_chain(void)
{
    double ns[AB_CANARY_BATCHES];
    uint64_t x = 1;
    for (unsigned i = 0; i < AB_CANARY_BATCHES; i++) {
        const uint64_t before = clock_raw_ns();
        x = run_chain(x);
        ns[i] = (double)(clock_raw_ns() - before);
    }
    qsort(ns, AB_CANARY_BATCHES, sizeof *ns, order_doubles);
    return ns[AB_CANARY_BATCHES / 2];
}

static void time_thread(void *context, unsigned thread)
{
    struct ab_reading *const reading = context;
    reading->loop_ns[thread] = time_chain();
}

static int open_turns(struct ab_canary *c, const struct topology *topology,
    const struct cpuset *cpus, struct err *err)
{
    canary_init(&c->turns, topology, cpus->cpu, (unsigned)cpus->count);
    crew_calibrate(c->crew, &c->clock);
    return canary_map(
        &c->turns, c->crew, topology, topology_cpu(topology, cpus->cpu[0])->node, err);
}

int ab_canary_init(struct ab_canary *canary, struct machine *machine,
    const struct topology *topology, const struct cpuset *cpus, struct err *err)
{
    *canary = (struct ab_canary){.cpus = 1, .best_ns = INFINITY};
    if (cpus->count == 0)
        return 0;
    canary->cpus = (unsigned)cpus->count;
    const int code = crew_new(machine, cpus->cpu, canary->cpus, &canary->crew, err);
    return code || cpus->count == 1 ? code : open_turns(canary, topology, cpus, err);
}

void ab_canary_fini(struct ab_canary *canary)
{
    crew_free(canary->crew);
    canary_fini(&canary->turns);
    *canary = (struct ab_canary){0};
}

int ab_reading_init(const struct ab_canary *canary, struct ab_reading *reading)
{
    *reading = (struct ab_reading){.loop_ns = calloc(canary->cpus, sizeof *reading->loop_ns)};
    return reading->loop_ns ? 0 : -ENOMEM;
}

void ab_reading_fini(struct ab_reading *reading)
{
    free(reading->loop_ns);
    *reading = (struct ab_reading){0};
}

void ab_canary_read(struct ab_canary *canary, struct ab_reading *reading)
{
    if (canary->crew)
        crew_run(canary->crew, time_thread, reading);
    else
        time_thread(reading, 0);
    if (canary->turns.pairs)
        canary_read(&canary->turns, canary->crew, &canary->clock, &reading->turns);
    canary->best_ns = fmin(canary->best_ns, ab_canary_ns(canary, reading));
}

bool ab_canary_agree(
    const struct ab_canary *canary, const struct ab_reading *a, const struct ab_reading *b)
{
    for (unsigned i = 0; i < canary->cpus; i++)
        if (a->loop_ns[i] > AB_CANARY_FACTOR * b->loop_ns[i] ||
            b->loop_ns[i] > AB_CANARY_FACTOR * a->loop_ns[i])
            return false;
    return canary_agree(&canary->turns, &a->turns, &b->turns);
}

double ab_canary_ns(const struct ab_canary *canary, const struct ab_reading *reading)
{
    double sum = 0;
    for (unsigned i = 0; i < canary->cpus; i++)
        sum += reading->loop_ns[i];
    return sum / canary->cpus;
}

void ab_canary_swap(struct ab_reading *a, struct ab_reading *b)
{
    const struct ab_reading before = *a;
    *a = *b;
    *b = before;
}
