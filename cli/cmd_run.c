/* SPDX-License-Identifier: MIT
 * numaprobe run: topology, plan, blocks until the figures are precise, summary, verdict, output. */
#include "cli/cmd.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/run_args.h"
#include "cli/run_list.h"
#include "cli/run_report.h"
#include "probes/run.h"

/* A self-test's number of blocks is fixed in advance: with no stopping rule there is none to doubt.
 */
enum { SELF_TEST_BLOCKS = 30, ROWS_A_THREAD = 16384 };

/* The signal that asked to stop; 0: none. The only variable that outlives a call, since a handler
 * can reach no other. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    stop = number;
}

struct session {
    struct run_args args;
    struct machine *machine;
    struct topology topology;
    struct plan plan;
    struct outfile csv, json;
    struct run *run;
    struct samples samples;
    struct summary summary;
    struct verdict *verdict;
    size_t verdicts;
    uint64_t began_ns;
    bool enough;
    const char *limit; /* what ended the run before it was enough; NULL */
};

static void session_close(struct session *s)
{
    free(s->verdict);
    summary_fini(&s->summary);
    samples_fini(&s->samples);
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

static double elapsed_ns(const struct session *s)
{
    return (double)(clock_raw_ns() - s->began_ns);
}

static int summarise(struct session *s)
{
    summary_fini(&s->summary);
    return summary_build(&s->samples, &s->summary);
}

/* When to look at the figures: only at the block counts that the stopping rule allows
 * (analysis/stats.h), since each look is a chance to stop on a lucky one. */
struct look {
    size_t target; /* blocks of the regime with the most */
    size_t at;     /* blocks measured before it can have as many */
};

/* An op whose figures are precise leaves its time to the others. Asked anew at each look: another
 * regime may have become the one with the most blocks. */
static bool want_the_rest(struct session *s)
{
    bool enough = true;
    for (size_t i = 0; i < s->plan.points; i++) {
        const struct point *p = &s->plan.point[i];
        const bool precise =
            summary_enough(&s->summary, p->shape->name, p->op->name, s->args.precision);
        run_want(s->run, i, !precise);
        enough = enough && precise;
    }
    return enough;
}

/* After each block: is this enough? */
static int decide(struct session *s, size_t blocks, struct look *look, struct progress *progress)
{
    if (blocks < look->at)
        return 0;
    const int code = summarise(s);
    if (code)
        return code;
    const size_t best = s->summary.regimes ? s->summary.regime[0].blocks : 0;
    if (best >= look->target) {
        s->enough = s->args.request.self_test || want_the_rest(s);
        look->target = stats_next_look(best);
    }
    look->at = blocks + (look->target - best);
    progress_width(progress, s->summary.regimes ? s->summary.regime[0].width : INFINITY);
    return 0;
}

/* Why no other block is measured; NULL to go on. */
static const char *limit_reached(const struct session *s, double block_ns)
{
    if (elapsed_ns(s) + block_ns > s->args.max_time_ns)
        return "--max-time";
    /* A bound on memory, whatever the time and the number of threads: 8 MiB a thread. */
    return s->samples.count >= ROWS_A_THREAD * s->plan.cpus.count ? "the limit of rows" : NULL;
}

static int measure(struct session *s, struct err *err)
{
    struct progress progress;
    struct look look = {.target = s->args.request.self_test ? SELF_TEST_BLOCKS : STATS_BLOCKS_MIN};
    look.at = look.target;
    progress_begin(&progress, s->args.quiet, s->args.precision, s->args.max_time_ns);
    int code = 0;
    for (size_t blocks = 1; !code && !s->enough && !s->limit; blocks++) {
        const double before = elapsed_ns(s);
        code = run_block(s->run, &s->samples, err);
        if (!code && decide(s, blocks, &look, &progress))
            code = err_set(err, -ENOMEM, "out of memory for the figures; use a shorter --max-time");
        progress_show(&progress, blocks, elapsed_ns(s));
        s->limit = limit_reached(s, elapsed_ns(s) - before);
    }
    progress_end(&progress);
    return code;
}

static int write_outputs(struct session *s, const struct run_report *report, struct err *err)
{
    int code = 0;
    if (s->csv.stream) {
        samples_write(&s->samples, s->csv.stream);
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
    for (size_t i = 0; i < s->summary.count; i++) {
        const enum verdict_kind kind = verdict_kind(s->summary.figure[i].ratio);
        if (kind == VERDICT_SLOWER || kind == VERDICT_FASTER)
            return true;
    }
    return false;
}

static int judge_self_test(const struct session *s)
{
    struct err err;
    if (s->enough)
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
    if (summarise(s) || verdict_build(&s->summary, &s->verdict, &s->verdicts)) {
        err_set(&err, -ENOMEM, "out of memory for the figures");
        return cmd_fail(&err, EXIT_FAILED);
    }
    const struct run_report r = {.plan = &s->plan,
        .samples = &s->samples,
        .summary = &s->summary,
        .counters = run_counters(s->run),
        .counters_how = run_counters_how(s->run),
        .events_asked = s->args.events != NULL,
        .counters_asked = s->args.counters && strcmp(s->args.counters, "auto") != 0,
        .counters_off = s->args.counters && strcmp(s->args.counters, "none") == 0,
        .verdict = s->verdict,
        .verdicts = s->verdicts,
        .precision = s->args.precision,
        .seconds = elapsed_ns(s) / 1e9,
        .enough = s->enough,
        .limit = s->limit,
        .interrupted = stop};
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
        .stop = &stop};
    if (outputs_open(s->args.csv, s->args.json, &s->csv, &s->json, &err))
        return cmd_fail(&err, EXIT_USAGE);
    s->began_ns = clock_raw_ns();
    const int prepared = run_new(s->machine, &s->topology, &s->plan, options, &s->run, &err);
    if (prepared)
        return cmd_fail(&err, is_usage(prepared) ? EXIT_USAGE : EXIT_FAILED);
    const int measured = measure(s, &err);
    const int status = report(s);
    if (stop)
        return 128 + stop;
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
    const struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    const int planned = make_plan(s, &err);
    if (stop)
        return 128 + stop;
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
