/* SPDX-License-Identifier: MIT
 * numaprobe run: topology, plan, blocks until the figures are precise, summary, verdict, output. */
#include "cli/cmd.h"

#include "base/version.h"
#include "cli/instrument.h"
#include "cli/output_files.h"
#include "cli/run/run_args.h"
#include "cli/run/run_list.h"
#include "cli/run/run_report.h"
#include "probes/run/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A self-test's number of blocks is fixed in advance: with no stopping rule there is none to doubt.
 */
enum { SELF_TEST_BLOCKS = 30 };

struct session {
    struct instrument in; /* first, as instrument_main expects it */
    struct run_args args;
    struct plan plan;
    struct run *run;
    struct verdict *verdict;
    size_t verdicts;
};

static int print_list(void *session)
{
    const struct session *const s = session;
    return s->args.list ? run_list() : -1;
}

static int make_plan(void *session, struct err *err)
{
    struct session *const s = session;
    return plan_build(&s->args.request, &s->in.topology, &s->plan, err);
}

static int print_plan(void *session)
{
    const struct session *const s = session;
    return run_list_plan(&s->plan, &s->in.topology);
}

static int measure_block(void *context, struct samples *samples, struct err *err)
{
    struct session *s = context;
    return run_block(s->run, samples, err);
}

/* An op with precise figures leaves its time to the others. Decided anew at each look: another
 * regime may have become the one with the most blocks. */
static bool want_imprecise(void *context, const struct summary *summary)
{
    struct session *s = context;
    bool enough = true;
    for (size_t i = 0; !s->args.request.self_test && i < s->plan.points; i++) {
        const struct point *p = &s->plan.point[i];
        const bool precise =
            summary_enough(summary, p->shape->name, p->op->name, s->args.common.precision);
        run_want(s->run, i, !precise);
        enough = enough && precise;
    }
    return enough;
}

static bool found_difference(const struct session *s)
{
    const struct summary *summary = &s->in.sampling.summary;
    for (size_t i = 0; i < summary->count; i++) {
        const enum verdict_kind kind = verdict_kind(summary->estimate[i].ratio);
        if (kind == VERDICT_SLOWER || kind == VERDICT_FASTER)
            return true;
    }
    return false;
}

static int judge_self_test(void *session)
{
    const struct session *const s = session;
    struct err err;
    if (!s->args.request.self_test)
        return EXIT_DONE;
    if (s->in.sampling.precise)
        return found_difference(s) ? EXIT_FOUND : EXIT_DONE;
    err_set(&err, -ETIME,
        "--self-test: fewer than %d blocks could be counted; give it a longer --max-time",
        SELF_TEST_BLOCKS);
    return cmd_fail(&err, EXIT_UNKNOWN);
}

static int prepare_run(void *session, struct err *err)
{
    struct session *const s = session;
    const struct instrument_args *const args = &s->args.common;
    const struct run_options options = {.seed = args->seed,
        .strict = args->strict,
        .version = numaprobe_version,
        .counters = s->args.counters,
        .events = s->args.events,
        .stop = s->in.stop};
    instrument_begin(&s->in, s->plan.cpus.count, measure_block, want_imprecise);
    s->in.sampling.ratios = true;
    s->in.sampling.first_look = s->args.request.self_test ? SELF_TEST_BLOCKS : 0;
    return run_new(s->in.machine, &s->in.topology, &s->plan, options, &s->run, err);
}

static int summarise(void *session, struct err *err)
{
    struct session *const s = session;
    const int code = sampling_summarise(&s->in.sampling, err);
    if (!code && verdict_build(&s->in.sampling.summary, &s->verdict, &s->verdicts))
        return err_set(err, -ENOMEM, "out of memory for the verdicts");
    return code;
}

static struct run_report report_of(const struct session *s)
{
    return (struct run_report){.plan = &s->plan,
        .samples = &s->in.sampling.samples,
        .summary = &s->in.sampling.summary,
        .events = event_view_of(
            run_counters(s->run), run_counters_how(s->run), s->args.counters, s->args.events),
        .verdict = s->verdict,
        .verdicts = s->verdicts,
        .precision = s->args.common.precision,
        .seconds = sampling_elapsed_ns(&s->in.sampling) / 1e9,
        .enough = s->in.sampling.precise,
        .limit = s->in.sampling.limit,
        .interrupted = *s->in.stop};
}

static int print_report(void *session, FILE *out, bool json)
{
    const struct run_report report = report_of(session);
    return json ? run_report_json(&report, out) : run_report_text(&report, out);
}

static int print_metrics(void *session, FILE *out)
{
    const struct run_report report = report_of(session);
    return run_report_metrics(&report, out);
}

static const struct instrument_hooks hooks = {
    .options = &run_options,
    .list = print_list,
    .make_plan = make_plan,
    .print_plan = print_plan,
    .prepare = prepare_run,
    .measure = instrument_sample,
    .summarise = summarise,
    .print_report = print_report,
    .print_metrics = print_metrics,
    .write_csv = instrument_write_samples,
    .judge = judge_self_test,
};

static int run_main(int argc, char **argv)
{
    struct session s = {.in.args = &s.args.common};
    const int status = instrument_main(&hooks, &s.in, &s.args, argc, argv);
    free(s.verdict);
    run_free(s.run);
    plan_fini(&s.plan);
    cpuset_fini(&s.args.request.cpus);
    instrument_fini(&s.in);
    return status;
}

const struct cmd cmd_run = {
    "run", "measure what layouts of shared data cost", run_main, &run_options, NULL};
