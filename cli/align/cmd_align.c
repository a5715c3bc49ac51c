/* SPDX-License-Identifier: MIT
 * numaprobe align: a pair of cpus of each distance, each measured as by run, and the distance in
 * bytes that is enough for all of them. */
#include "cli/cmd.h"

#include "base/version.h"
#include "cli/align/align.h"
#include "cli/instrument.h"
#include "probes/plan/plan_points.h"

#include <errno.h>

_Static_assert((int)APART_NARROWEST == PLAN_ALIGN_MIN && (int)APART_WIDEST == PLAN_ALIGN_MAX,
    "all alignments are judged");

struct session {
    struct instrument in; /* first, as instrument_main expects it */
    struct align_args args;
    struct align align;
};

static int plan_pair(
    struct session *s, enum distance distance, const struct place_pair *pair, struct err *err)
{
    struct align_pair *const p = &s->align.pair[s->align.pairs++];
    p->distance = distance;
    unsigned cpu[2] = {pair->cpu[0], pair->cpu[1]};
    struct plan_request request = {.aligns = 2 * PLAN_ALIGN_MAX - PLAN_ALIGN_MIN,
        .cpus = {.cpu = cpu, .count = 2},
        .memory = s->args.memory};
    int code = 0;
    for (size_t i = 0; i < APART_CASES && !code; i++) {
        request.layout = apart_cases[i].layout;
        request.op = apart_cases[i].op;
        code = i == 0 ? plan_build(&request, &s->in.topology, &p->plan, err)
                      : plan_add_points(&p->plan, &request, err);
    }
    return code;
}

static int make_plan(void *session, struct err *err)
{
    struct session *const s = session;
    struct place_pair pair[DISTANCE_COUNT];
    int code = place_pairs(&s->in.topology, &s->args.cpus, pair, err);
    for (enum distance d = DISTANCE_SMT; d < DISTANCE_COUNT && !code; d++)
        if (pair[d].found)
            code = plan_pair(s, d, &pair[d], err);
    if (!code && s->align.pairs == 0)
        return err_set(err, s->args.cpus.count ? -EINVAL : -ENODEV,
            "--cpus: a pair needs two cpus ('numaprobe topo' lists those this process may use)");
    return code;
}

static int print_plan(void *session)
{
    const struct session *const s = session;
    return align_list_plan(&s->align, &s->in.topology);
}

static int prepare_runs(void *session, struct err *err)
{
    struct session *const s = session;
    const struct run_options options = {.seed = s->args.common.seed,
        .strict = s->args.common.strict,
        .version = numaprobe_version,
        .counters = "none",
        .stop = s->in.stop};
    int code = 0;
    for (size_t i = 0; i < s->align.pairs && !code; i++) {
        struct align_pair *const p = &s->align.pair[i];
        code = run_new(s->in.machine, &s->in.topology, &p->plan, options, &p->run, err);
    }
    return code;
}

static int measure_block(void *context, struct samples *samples, struct err *err)
{
    struct align_pair *const p = context;
    return run_block(p->run, samples, err);
}

static bool is_precise(void *context, const struct summary *summary)
{
    const struct align_pair *const p = context;
    return apart_is_precise(summary, p->threshold, p->sampling.precision);
}

/* One pair after the other: a ratio is of two values of one pair, so that pairs need not take
 * turns. What a pair leaves of its time is the next ones'. */
static int measure_pairs(void *session, struct err *err)
{
    struct session *const s = session;
    const struct instrument_args *const args = &s->args.common;
    double left_ns = args->max_time_ns;
    int code = 0;
    for (size_t i = 0; i < s->align.pairs && !code; i++) {
        struct align_pair *const p = &s->align.pair[i];
        p->threshold = 1 + s->args.threshold;
        p->sampling = (struct sampling){.precision = args->precision,
            .max_time_ns = left_ns / (double)(s->align.pairs - i),
            .quiet = args->quiet,
            .threads = p->plan.cpus.count,
            .context = p,
            .block = measure_block,
            .enough = is_precise};
        sampling_begin(&p->sampling);
        code = sampling_run(&p->sampling, err);
        left_ns -= sampling_elapsed_ns(&p->sampling);
    }
    return code;
}

static int summarise(void *session, struct err *err)
{
    struct session *const s = session;
    int code = 0;
    for (size_t i = 0; i < s->align.pairs && !code; i++)
        code = sampling_summarise(&s->align.pair[i].sampling, err);
    return code;
}

static struct align_report report_of(const struct session *s)
{
    return (struct align_report){.align = &s->align,
        .threshold = 1 + s->args.threshold,
        .precision = s->args.common.precision,
        .interrupted = *s->in.stop};
}

static int print_report(void *session, FILE *out, bool json)
{
    const struct align_report report = report_of(session);
    return json ? align_report_json(&report, out) : align_report_text(&report, out);
}

static int write_csv(void *session, FILE *out, struct err *err)
{
    const struct session *const s = session;
    (void)err;
    samples_write_header(out);
    for (size_t i = 0; i < s->align.pairs; i++) {
        const struct samples *const samples = &s->align.pair[i].sampling.samples;
        for (size_t row = 0; row < samples->count; row++)
            sample_write(&samples->row[row], out);
    }
    return 0;
}

static int judge_answer(void *session)
{
    const struct align_report report = report_of(session);
    const struct apart apart = align_apart(&report);
    return apart_is_decided(apart)     ? EXIT_DONE
           : apart.least == APART_MORE ? EXIT_FOUND
                                       : EXIT_UNKNOWN;
}

static const struct instrument_hooks hooks = {
    .options = &align_options,
    .make_plan = make_plan,
    .print_plan = print_plan,
    .prepare = prepare_runs,
    .measure = measure_pairs,
    .summarise = summarise,
    .print_report = print_report,
    .write_csv = write_csv,
    .judge = judge_answer,
};

static int align_main(int argc, char **argv)
{
    struct session s = {.in.args = &s.args.common};
    const int status = instrument_main(&hooks, &s.in, &s.args, argc, argv);
    for (size_t i = 0; i < s.align.pairs; i++) {
        sampling_fini(&s.align.pair[i].sampling);
        run_free(s.align.pair[i].run);
        plan_fini(&s.align.pair[i].plan);
    }
    cpuset_fini(&s.args.cpus);
    instrument_fini(&s.in);
    return status;
}

const struct cmd cmd_align = {"align",
    "find out how many bytes apart the data of two threads has to be", align_main, &align_options,
    NULL};
