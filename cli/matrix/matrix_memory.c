/* SPDX-License-Identifier: MIT
 * matrix --memory: plan, blocks until the latencies are precise, output. */
#include "cli/matrix/matrix_memory.h"

#include "base/version.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* What only makes sense between cpus. */
static int check_args(const struct matrix_args *args, struct err *err)
{
    if (args->request.classes)
        return err_set(err, -EINVAL, "--memory: leave out --classes, which is about pairs of cpus");
    if (strcmp(args->request.protocol, "handover") != 0)
        return err_set(
            err, -EINVAL, "--memory: leave out --protocol, which is about pairs of cpus");
    if (args->request.home == HOME_SECOND)
        return err_set(
            err, -EINVAL, "--memory: --home takes a node or all, since no pair has a second cpu");
    return 0;
}

static int make_plan(void *session, struct err *err)
{
    struct matrix_memory *const m = session;
    const struct matrix_request *const asked = &m->args->request;
    const bool one = asked->home == HOME_NODE && asked->node != MATRIX_ALL_NODES;
    const struct memory_request request = {.cpus = asked->cpus,
        .node = one ? asked->node : MEMORY_ANY_NODE,
        .pages = (enum memory_pages)m->args->pages};
    const int code = check_args(m->args, err);
    return code ? code : memory_plan_build(&request, &m->in.topology, &m->plan, err);
}

static int print_plan(void *session)
{
    const struct matrix_memory *const m = session;
    return matrix_memory_list(&m->plan);
}

static int measure_block(void *session, struct samples *samples, struct err *err)
{
    struct matrix_memory *const m = session;
    return memory_run_block(m->run, samples, err);
}

/* Some 80 blocks take 0.1 s: a moment, in which what changes over seconds does not show. As pairs,
 * latencies are measured for a second; half of --max-time where that is less. */
static bool is_long_enough(const struct matrix_memory *m)
{
    static const double least_ns = 1e9;
    return sampling_elapsed_ns(&m->in.sampling) >= fmin(least_ns, m->args->common.max_time_ns / 2);
}

/* A precise latency leaves its time to the others. */
static bool want_imprecise(void *session, const struct summary *summary)
{
    struct matrix_memory *const m = session;
    bool enough = true;
    if (!is_long_enough(m))
        return false;
    for (size_t i = 0; i < m->plan.points; i++) {
        const struct memory_point *const point = &m->plan.point[i];
        const struct estimate *const e = matrix_memory_estimate(summary, &m->plan, point);
        const bool precise = *m->plan.target[point->target].why ||
                             (e && interval_width(e->ns) <= m->args->common.precision);
        memory_run_want(m->run, i, !precise);
        enough = enough && precise;
    }
    return enough;
}

static int prepare(void *session, struct err *err)
{
    struct matrix_memory *const m = session;
    const struct instrument_args *const args = &m->args->common;
    const struct costs_options options = {.seed = args->seed,
        .strict = args->strict,
        .version = numaprobe_version,
        .stop = m->in.stop};
    instrument_begin(&m->in, m->plan.cpus.count, measure_block, want_imprecise);
    return memory_run_new(m->in.machine, &m->plan, options, &m->run, err);
}

static int summarise(void *session, struct err *err)
{
    struct matrix_memory *const m = session;
    return sampling_summarise(&m->in.sampling, err);
}

static int print_report(void *session, FILE *out, bool json)
{
    const struct matrix_memory *const m = session;
    const struct matrix_memory_report report = {.plan = &m->plan,
        .samples = &m->in.sampling.samples,
        .summary = &m->in.sampling.summary,
        .precision = m->args->common.precision,
        .seconds = sampling_elapsed_ns(&m->in.sampling) / 1e9,
        .precise = m->in.sampling.precise,
        .limit = m->in.sampling.limit,
        .interrupted = *m->in.stop};
    return json ? matrix_memory_json(&report, out) : matrix_memory_text(&report, out);
}

const struct instrument_hooks matrix_memory_hooks = {
    .options = &matrix_options,
    .make_plan = make_plan,
    .print_plan = print_plan,
    .prepare = prepare,
    .measure = instrument_sample,
    .summarise = summarise,
    .print_report = print_report,
    .write_csv = instrument_write_samples,
};

void matrix_memory_fini(struct matrix_memory *memory)
{
    memory_run_free(memory->run);
    memory_plan_fini(&memory->plan);
}
