/* SPDX-License-Identifier: MIT
 * What does counting cost? `isolated add` with counters off against the same with counters on,
 * block by block in turn on the same cpus; and off against off, for the noise. Where there is no
 * PMU, events that the kernel counts without one are read in the same way, through read(): more
 * than a read in user space costs. */
#include "tests/bench/bench.h"

#include "analysis/stats/stats.h"
#include "base/rng.h"
#include "probes/run/run.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCKS = 300, KINDS = 3 };
static const char *const kinds[KINDS] = {"off", "off again", "on"};

struct bench {
    struct run *run[KINDS];
    struct samples samples[KINDS];
    double ns[KINDS][BLOCKS];
};

static void compare(const struct bench *b, int kind)
{
    struct interval ratio;
    if (stats_ratio(b->ns[kind], b->ns[0], NULL, BLOCKS, &ratio) == 0)
        printf("isolated add, counters %s over off: %.4f (%.4f-%.4f, n=%zu)\n", kinds[kind],
            ratio.mid, ratio.low, ratio.high, ratio.n);
}

int main(void)
{
    struct err err = {0};
    struct machine *machine = NULL;
    struct topology topology;
    struct plan plan;
    static struct bench b;
    struct rng rng;
    const struct plan_request request = {.op = "add", .aligns = 64};
    if (machine_open(NULL, &machine, &topology, &err) ||
        plan_build(&request, &topology, &plan, &err))
        return fail(&err);
    struct run_options options = {.seed = 1, .version = "bench", .counters = "none"};
    for (int kind = 0; kind < KINDS; kind++) {
        options.counters = kind == 2 ? "auto" : "none";
        if (run_new(machine, &topology, &plan, options, &b.run[kind], &err))
            return fail(&err);
    }
    if (run_counters(b.run[2])->events == 0) {
        printf("no hardware events here: %s\n", run_counters(b.run[2])->none);
        run_free(b.run[2]);
        options.events = "msr/tsc/,task-clock";
        if (run_new(machine, &topology, &plan, options, &b.run[2], &err))
            return fail(&err);
    }
    char text[512];
    counters_describe(run_counters(b.run[2]), text, sizeof text);
    printf("on: %s, %s\n", text, run_counters_how(b.run[2]));
    rng_seed(&rng, 1);
    for (int block = 0; block < BLOCKS; block++) {
        unsigned order[KINDS] = {0, 1, 2};
        rng_shuffle(&rng, order, KINDS);
        for (int i = 0; i < KINDS; i++) {
            if (run_block(b.run[order[i]], &b.samples[order[i]], &err))
                return fail(&err);
            b.ns[order[i]][block] = isolated_ns(&b.samples[order[i]], block);
        }
    }
    compare(&b, 1);
    compare(&b, 2);
    for (int kind = 0; kind < KINDS; kind++) {
        run_free(b.run[kind]);
        samples_fini(&b.samples[kind]);
    }
    plan_fini(&plan);
    topology_fini(&topology);
    machine_close(machine);
    return 0;
}
