/* SPDX-License-Identifier: MIT
 * numaprobe run: topology, plan, blocks until the figures are precise, summary, verdict, output. */
#include "cli/cmd.h"

#include "cli/output_files.h"
#include "cli/run/run_args.h"
#include "cli/run/run_list.h"
#include "cli/run/run_report.h"
#include "cli/sampling.h"
#include "cli/signals.h"
#include "probes/run/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A self-test's number of blocks is fixed in advance: with no stopping rule there is none to doubt.
 */
enum { SELF_TEST_BLOCKS = 30 };

struct session {
    struct run_args args;
    struct machine *machine;
    struct topology topology;
    struct plan plan;
    struct outfile csv, json;
    struct run *run;
    struct sampling sampling;
    struct verdict *verdict;
    size_t verdicts;
    const volatile int *stop;
};

static void session_close(struct session *s)
{
    free(s->verdict);
    sampling_fini(&s->sampling);
    run_free(s->run);
    outfile_discard(&s->csv);
    outfile_discard(&s->json);
    plan_fini(&s->plan);
    topology_fini(&s->topology);
    machine_close(s->machine);
}

static int make_plan(struct session *s, struct err *err)
{
    const int code = machine_open(s->args.topology, &s->machine, &s->topology, err);
    return code ? code : plan_build(&s->args.request, &s->topology, &s->plan, err);
}

static int measure_block(void *context, struct samples *samples, struct err *err)
{
    struct session *s = context;
    return run_block(s->run, samples, err);
}

/* An op whose figures are precise leaves its time to the others. Asked anew at each look: another
 * regime may have become the one with the most blocks. */
static bool want_the_rest(void *context, const struct summary *summary)
{
    struct session *s = context;
    bool enough = true;
    for (size_t i = 0; !s->args.request.self_test && i < s->plan.points; i++) {
        const struct point *p = &s->plan.point[i];
        const bool precise =
            summary_enough(summary, p->shape->name, p->op->name, s->args.precision);
        run_want(s->run, i, !precise);
        enough = enough && precise;
    }
    return enough;
}

static int write_outputs(struct session *s, const struct run_report *report, struct err *err)
{
    int code = 0;
    if (s->csv.stream) {
        samples_write(&s->sampling.samples, s->csv.stream);
        code = outfile_commit(&s->csv, err);
    }
    if (!code && s->json.stream) {
        run_report_json(report, s->json.stream);
        code = outfile_commit(&s->json, err);
    }
    return code;
}

static bool found_difference(const struct session *s)
{
    const struct summary *summary = &s->sampling.summary;
    for (size_t i = 0; i < summary->count; i++) {
        const enum verdict_kind kind = verdict_kind(summary->estimate[i].ratio);
        if (kind == VERDICT_SLOWER || kind == VERDICT_FASTER)
            return true;
    }
    return false;
}

static int judge_self_test(const struct session *s)
{
    struct err err;
    if (s->sampling.precise)
        return found_difference(s) ? EXIT_FAILED : EXIT_DONE;
    err_set(&err, -ETIME,
        "--self-test: fewer than %d blocks could be counted; give it a longer --max-time",
        SELF_TEST_BLOCKS);
    return cmd_fail(&err, EXIT_FAILED);
}

/* Everything is told, also of a run that was interrupted or failed in the middle. */
static int report(struct session *s)
{
    struct err err;
    int code = sampling_summarise(&s->sampling, &err);
    if (!code && verdict_build(&s->sampling.summary, &s->verdict, &s->verdicts))
        code = err_set(&err, -ENOMEM, "out of memory for the verdicts");
    if (code)
        return cmd_fail(&err, EXIT_FAILED);
    const struct run_report r = {.plan = &s->plan,
        .samples = &s->sampling.samples,
        .summary = &s->sampling.summary,
        .counters = run_counters(s->run),
        .counters_how = run_counters_how(s->run),
        .events_asked = s->args.events != NULL,
        .counters_asked = s->args.counters && strcmp(s->args.counters, "auto") != 0,
        .counters_off = s->args.counters && strcmp(s->args.counters, "none") == 0,
        .verdict = s->verdict,
        .verdicts = s->verdicts,
        .precision = s->args.precision,
        .seconds = sampling_elapsed_ns(&s->sampling) / 1e9,
        .enough = s->sampling.precise,
        .limit = s->sampling.limit,
        .interrupted = *s->stop};
    run_report_text(&r, stdout);
    const int status = cmd_done(EXIT_DONE);
    if (write_outputs(s, &r, &err))
        return cmd_fail(&err, EXIT_FAILED);
    return status;
}

/* What another command line would cure. */
static bool is_usage(int code)
{
    return code == -ENODEV || code == -ENOTSUP || code == -EINVAL;
}

static int run_session(struct session *s)
{
    struct err err;
    const struct run_options options = {.seed = s->args.seed,
        .strict = s->args.strict,
        .version = VERSION,
        .counters = s->args.counters,
        .events = s->args.events,
        .stop = s->stop};
    if (output_files_open(s->args.csv, s->args.json, &s->csv, &s->json, &err))
        return cmd_fail(&err, EXIT_USAGE);
    s->sampling = (struct sampling){.precision = s->args.precision,
        .max_time_ns = s->args.max_time_ns,
        .quiet = s->args.quiet,
        .first_look = s->args.request.self_test ? SELF_TEST_BLOCKS : 0,
        .threads = s->plan.cpus.count,
        .context = s,
        .block = measure_block,
        .enough = want_the_rest};
    sampling_begin(&s->sampling);
    const int prepared = run_new(s->machine, &s->topology, &s->plan, options, &s->run, &err);
    if (prepared)
        return cmd_fail(&err, is_usage(prepared) ? EXIT_USAGE : EXIT_FAILED);
    const int measured = sampling_run(&s->sampling, &err);
    const int status = report(s);
    if (*s->stop)
        return 128 + *s->stop;
    if (measured)
        return cmd_fail(&err, EXIT_FAILED);
    return status == EXIT_DONE && s->args.request.self_test ? judge_self_test(s) : status;
}

static int start(struct session *s)
{
    struct err err;
    if (s->args.list)
        return run_list();
    /* First, so that a signal leaves nothing behind that was only begun: a user's layout half
     * compiled, a file half written. */
    s->stop = signals_listen();
    const int planned = make_plan(s, &err);
    if (*s->stop)
        return 128 + *s->stop;
    if (planned)
        return cmd_fail(&err, planned == -ECHILD || planned == -ENOMEM ? EXIT_FAILED : EXIT_USAGE);
    return s->args.dry_run ? run_list_plan(&s->plan, &s->topology) : run_session(s);
}

static int run(int argc, char **argv)
{
    struct session s = {0};
    int status = run_args_parse(argc, argv, &s.args);
    if (status < 0)
        status = start(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_run = {"run", "measure what layouts of shared data cost", run};
