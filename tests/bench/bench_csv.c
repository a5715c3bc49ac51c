/* SPDX-License-Identifier: MIT
 * bench_csv ROWS SEED: a CSV as two long runs would write it, on stdout: one in throughput mode
 * with counters, one in latency mode with its lat_ columns; two threads, layouts of one and of two
 * roles, drift, outliers, two regimes and disturbed trials. For the benchmarks of reading; measures
 * nothing. */
#include "base/rng.h"
#include "base/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 2, LAYOUTS = 2, OPS = 4, ALIGNS = 3, BLOCKS_A_REGIME = 700 };

struct maker {
    struct rng rng;
    struct samples batch;
    size_t rows, want;
    int64_t block, trial;
    double drift;
    bool latency, begun;
    char run_id[24];
};

static double uniform(struct maker *m)
{
    return ((double)(rng_next(&m->rng) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(struct maker *m)
{
    return sqrt(-2 * log(uniform(m))) * cos(6.283185307179586 * uniform(m));
}

/* The rows of a batch without its header, but for the first. */
static void flush(struct maker *m)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    samples_write(&m->batch, out);
    if (fclose(out))
        exit(1);
    const char *from = m->begun ? strchr(text, '\n') + 1 : text;
    if (fwrite(from, 1, size - (size_t)(from - text), stdout) == 0)
        exit(1);
    m->begun = true;
    m->batch.count = 0;
    free(text);
}

static void push(struct maker *m, const struct sample *row)
{
    if (m->rows == m->want)
        return;
    if (samples_push(&m->batch, row))
        exit(1);
    m->rows++;
    if (m->batch.count == 1024)
        flush(m);
}

static void describe_run(const struct maker *m, struct sample *row)
{
    sample_clear(row);
    row->schema = SAMPLE_SCHEMA;
    row->instrument = "run";
    row->run_id = m->run_id;
    row->started_at = "2026-11-24T08:06:20Z";
    row->host = "bench";
    row->cpu_model = "Made-up Processor 9000";
    row->arch = "x86_64";
    row->kernel = "6.1.0-bench";
    row->hypervisor = "none";
    row->version = "bench";
    row->seed = 1;
    row->mode = m->latency ? "latency" : "throughput";
    row->gap_ns = 0;
    row->shards = 64;
    row->pages = "4k";
    row->threads = THREADS;
    row->mem_node = "0";
    row->mem_verified = "move_pages";
    row->prefetchers = "unknown";
    row->clock_overhead_ns = 20.02982713143934;
    row->clock_resolution_ns = 10.0447406971590;
    row->steal_ns = 0;
    row->distance = "same L3";
    row->protocol = "one-word-turns";
    row->lat_reason = m->latency ? "" : "throughput mode";
    row->counters =
        m->latency ? "none"
                   : "perf: rfo=L2_RQSTS.RFO_MISS; l3-miss=LONGEST_LAT_CACHE.MISS; cycles=CYCLES";
    row->counters_reason =
        m->latency ? "the kernel has no such event here; bare metal has it, virtual machines seldom"
                   : "";
}

static void count(struct maker *m, struct sample *row, double ns, bool shared)
{
    row->counted_ops = row->ops + row->ops / 8;
    const double ops = (double)row->counted_ops;
    row->count[EVENT_RFO] = llround(ops * (shared ? 0.3 : 0.001) * (1 + 0.05 * normal(m)));
    row->count[EVENT_L3_MISS] = llround(ops * 1e-5 * (1 + uniform(m)));
    row->count[EVENT_CYCLES] = llround(ops * ns * 3.1);
    row->share[EVENT_RFO] = row->share[EVENT_L3_MISS] = row->share[EVENT_CYCLES] = 1;
}

static void time_singly(struct sample *row, double ns)
{
    row->lat_min_ns = ns * 0.61;
    row->lat_p50_ns = ns * 0.97;
    row->lat_p90_ns = ns * 1.31;
    row->lat_p99_ns = ns * 2.2;
    row->lat_p999_ns = ns * 7.3;
    row->lat_max_ns = ns * 1234;
}

static void push_trial(
    struct maker *m, struct sample *row, double ns, bool shared, const char *const *role)
{
    const bool disturbed = rng_below(&m->rng, 100) == 0;
    row->trial = m->trial++;
    row->accepted = !disturbed;
    row->reject_reason = disturbed ? "context switch" : "";
    for (int i = 0; i < THREADS; i++) {
        const double mine = ns * (1 + 0.01 * normal(m)) * (disturbed ? 3 : 1);
        row->role = role[i];
        row->thread = row->cpu = row->core = i;
        row->l3 = row->package = row->node = 0;
        row->seconds = 0.00098 + 0.00001 * uniform(m);
        row->ops = llround(row->seconds * 1e9 / mine);
        row->ns_per_op = row->seconds * 1e9 / (double)row->ops;
        row->count[EVENT_CONTEXT_SWITCHES] = disturbed;
        row->count[EVENT_MIGRATIONS] = row->count[EVENT_PAGE_FAULTS] = 0;
        if (m->latency)
            time_singly(row, mine);
        else
            count(m, row, mine, shared);
        push(m, row);
    }
}

static void push_point(struct maker *m, struct sample *row, int layout, int op, int align)
{
    static const char *const layouts[] = {"counter", "mixed"}, *const ops[] = {
                                                                   "add", "cas", "rmw", "store"};
    static const char *const roles[][THREADS] = {{"adder", "adder"}, {"writer", "reader"}};
    static const double cost[] = {5.6, 7.1, 1.2, 0.3};
    static const int64_t bytes[] = {SAMPLE_NONE, 8, 64};
    const bool shared = bytes[align] == 8;
    row->layout = align ? layouts[layout] : "isolated";
    row->reference_for = align ? "" : layouts[layout];
    row->op = ops[op];
    row->align_bytes = bytes[align];
    push_trial(m, row, cost[op] * (shared ? 3.5 : 1) * m->drift * (1 + 0.02 * normal(m)), shared,
        roles[layout]);
}

/* The points of a block come in an order of their own, as in a run. */
static void push_block(struct maker *m, struct sample *row)
{
    unsigned order[LAYOUTS * OPS * ALIGNS];
    for (unsigned i = 0; i < LAYOUTS * OPS * ALIGNS; i++)
        order[i] = i;
    rng_shuffle(&m->rng, order, LAYOUTS * OPS * ALIGNS);
    row->regime = m->block / BLOCKS_A_REGIME % 2;
    m->drift = 1 + 0.5 * (m->drift - 1) + 0.01 * normal(m);
    row->block = m->block++;
    row->canary_ns = (row->regime ? 157 : 75) * m->drift;
    row->canary_after_ns = row->canary_ns * (1 + 0.01 * normal(m));
    for (unsigned i = 0; i < LAYOUTS * OPS * ALIGNS && m->rows < m->want; i++)
        push_point(m, row, (int)order[i] % LAYOUTS, (int)order[i] / LAYOUTS % OPS,
            (int)order[i] / LAYOUTS / OPS);
}

static void make_run(struct maker *m, size_t rows, bool latency)
{
    struct sample row;
    snprintf(m->run_id, sizeof m->run_id, "%016llx", (unsigned long long)rng_next(&m->rng));
    m->want = m->rows + rows;
    m->latency = latency;
    m->block = m->trial = 0;
    m->drift = 1;
    describe_run(m, &row);
    while (m->rows < m->want)
        push_block(m, &row);
    flush(m);
}

int main(int argc, char **argv)
{
    struct maker m = {0};
    if (argc != 3)
        return 2;
    const size_t rows = strtoul(argv[1], NULL, 10);
    rng_seed(&m.rng, strtoul(argv[2], NULL, 10));
    make_run(&m, rows / 2, false);
    make_run(&m, rows - rows / 2, true);
    samples_fini(&m.batch);
    return fflush(stdout) ? 1 : 0;
}
