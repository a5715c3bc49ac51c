/* SPDX-License-Identifier: MIT
 * What does the harness cost? `isolated add` as a run measures it against a bare loop of the same
 * instruction, written by hand, on the same cpus, in pairs. Also the time from start to the first
 * trial. */
#include "tests/bench/bench.h"

#include "analysis/stats/stats.h"
#include "probes/run/run_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAIRS = 200, BARE_OPS = 175000 /* some 1 ms, as a trial's window */ };

struct bare {
    struct gate gate;
    _Atomic unsigned measured, threads;
    const struct clock *clock;
    uint64_t *line[2];
    double ns[2];
};

static void bare_loop(uint64_t *counter, uint64_t n)
{
#if defined(__x86_64__)
    __asm__ volatile(".p2align 5\n1: lock addq $1, (%0)\n\tsub $1, %1\n\tjne 1b"
                     : "+r"(counter), "+r"(n)::"memory", "cc");
#else
    for (; n; n--)
        __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
#endif
}

/* Goes on until all have measured, as in a trial: next to a sibling that is idle a core is faster.
 */
static void run_bare(void *context, unsigned thread)
{
    struct bare *b = context;
    gate_pass(&b->gate, b->clock);
    bare_loop(b->line[thread], BARE_OPS / 8);
    const uint64_t before = clock_raw_ns();
    bare_loop(b->line[thread], BARE_OPS);
    b->ns[thread] = (double)(clock_raw_ns() - before) / BARE_OPS;
    b->measured++;
    while (b->measured < b->threads)
        bare_loop(b->line[thread], 1);
}

static double measure_bare(struct bare *bare, struct crew *crew)
{
    double sum = 0;
    gate_init(&bare->gate, bare->threads);
    bare->measured = 0;
    crew_run(crew, run_bare, bare);
    for (unsigned i = 0; i < bare->threads; i++)
        sum += bare->ns[i];
    return sum / bare->threads;
}

int main(void)
{
    struct err err = {0};
    struct machine *machine = NULL;
    struct topology topology;
    struct plan plan;
    struct run *run = NULL;
    struct samples samples = {0};
    const struct plan_request request = {.op = "add", .aligns = 64};
    const uint64_t began = clock_raw_ns();
    if (machine_open(NULL, &machine, &topology, &err) ||
        plan_build(&request, &topology, &plan, &err) ||
        run_new(machine, &topology, &plan, (struct run_options){.seed = 1, .version = "bench"},
            &run, &err))
        return fail(&err);
    printf("start to first trial: %.1f ms\n", (double)(clock_raw_ns() - began) / 1e6);

    const unsigned threads = (unsigned)plan.cpus.count;
    struct bare bare = {.threads = threads, .clock = &run->stage.clock};
    for (unsigned i = 0; i < threads; i++)
        if (!(bare.line[i] = aligned_alloc(4096, 4096)))
            return 1;
    double harness_ns[PAIRS], bare_ns[PAIRS];
    for (int i = 0; i < PAIRS; i++) { /* each is the first one in turn */
        if (i % 2)
            bare_ns[i] = measure_bare(&bare, run->stage.crew);
        if (run_block(run, &samples, &err))
            return fail(&err);
        harness_ns[i] = isolated_ns(&samples, i);
        if (i % 2 == 0)
            bare_ns[i] = measure_bare(&bare, run->stage.crew);
    }
    struct interval ratio;
    if (stats_ratio(harness_ns, bare_ns, NULL, PAIRS, &ratio))
        return 1;
    printf("isolated add over a bare loop: %.4f (%.4f-%.4f, n=%zu, %u threads)\n", ratio.mid,
        ratio.low, ratio.high, ratio.n, threads);
    run_free(run);
    samples_fini(&samples);
    plan_fini(&plan);
    topology_fini(&topology);
    machine_close(machine);
    for (unsigned i = 0; i < threads; i++)
        free(bare.line[i]);
    return 0;
}
