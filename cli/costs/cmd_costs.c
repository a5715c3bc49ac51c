/* SPDX-License-Identifier: MIT
 * numaprobe costs: topology, plan, blocks until the prices are precise, price list, output. */
#include "cli/cmd.h"

#include "base/version.h"
#include "cli/costs/costs_args.h"
#include "cli/costs/costs_report.h"
#include "cli/output_files.h"
#include "cli/sampling.h"
#include "cli/signals.h"
#include "probes/costs/costs.h"

#include <errno.h>
#include <stdlib.h>

struct session {
    struct costs_args args;
    struct machine *machine;
    struct topology topology;
    struct costs_plan plan;
    struct outfile csv, json;
    struct costs_run *run;
    struct sampling sampling;
    struct price_table costs;
    const volatile int *stop;
};

static void session_close(struct session *s)
{
    price_table_fini(&s->costs);
    sampling_fini(&s->sampling);
    costs_free(s->run);
    outfile_discard(&s->csv);
    outfile_discard(&s->json);
    costs_plan_fini(&s->plan);
    topology_fini(&s->topology);
    machine_close(s->machine);
}

static int make_plan(struct session *s, struct err *err)
{
    const int code = machine_open(s->args.topology, &s->machine, &s->topology, err);
    return code ? code : costs_plan_build(&s->args.request, &s->topology, &s->plan, err);
}

static int measure_block(void *context, struct samples *samples, struct err *err)
{
    struct session *s = context;
    return costs_block(s->run, samples, err);
}

static bool price_precise(const struct session *s, const struct price_point *p)
{
    const struct price_entry *const f = price_table_price(&s->costs, p->op->name,
        line_state_name[p->state], p->distance == DISTANCE_COUNT ? "" : distance_name(p->distance),
        costs_home_name[p->home]);
    return f && interval_width(f->ns) <= s->args.precision;
}

static bool hold_precise(const struct session *s, const struct hold_point *p)
{
    const struct hold_curve *const c = price_table_hold(&s->costs, p->threads, p->gap_ns);
    return c && interval_width(c->contended) <= s->args.precision &&
           interval_width(c->alone) <= s->args.precision;
}

/* What is precise leaves its time to the others. Asked anew at each look: another regime may have
 * become the one with the most blocks. Out of memory is not precise; the report will say it. */
static bool want_the_rest(void *context, const struct summary *summary)
{
    struct session *s = context;
    bool enough = true;
    price_table_fini(&s->costs);
    if (price_table_build(&s->sampling.samples, summary, &s->costs))
        return false;
    for (size_t i = 0; i < s->plan.prices; i++) {
        const bool precise =
            *costs_why_not(&s->plan, &s->plan.price[i]) || price_precise(s, &s->plan.price[i]);
        costs_want_price(s->run, i, !precise);
        enough = enough && precise;
    }
    for (size_t i = 0; i < s->plan.holds; i++) {
        const bool precise = hold_precise(s, &s->plan.hold[i]);
        costs_want_hold(s->run, i, !precise);
        enough = enough && precise;
    }
    return enough;
}

static int write_outputs(struct session *s, const struct costs_report *report, struct err *err)
{
    int code = 0;
    if (report->csv) {
        samples_write(&s->sampling.samples, s->csv.stream);
        code = outfile_commit(&s->csv, err);
    }
    if (!code && s->json.stream) {
        costs_report_json(report, s->json.stream);
        code = outfile_commit(&s->json, err);
    }
    return code;
}

/* A price list that others read is not replaced by half of one, unless the file was asked for. */
static const char *csv_written(const struct session *s)
{
    if (s->args.csv)
        return s->args.csv;
    return *s->stop || s->costs.blocks == 0 ? NULL : COSTS_FILE;
}

/* Everything is told, also of a run that was interrupted or failed in the middle. */
static int report(struct session *s)
{
    struct err err;
    int code = sampling_summarise(&s->sampling, &err);
    price_table_fini(&s->costs);
    if (!code &&
        price_table_build(&s->sampling.samples, &s->sampling.summary, &s->costs) == -ENOMEM)
        code = err_set(&err, -ENOMEM, "out of memory for the figures");
    if (code)
        return cmd_fail(&err, EXIT_FAILED);
    const struct costs_report r = {.topology = &s->topology,
        .plan = &s->plan,
        .samples = &s->sampling.samples,
        .summary = &s->sampling.summary,
        .costs = &s->costs,
        .csv = csv_written(s),
        .precision = s->args.precision,
        .seconds = sampling_elapsed_ns(&s->sampling) / 1e9,
        .precise = s->sampling.precise,
        .limit = s->sampling.limit,
        .interrupted = *s->stop};
    costs_report_text(&r, stdout);
    const int status = cmd_done(EXIT_DONE);
    return write_outputs(s, &r, &err) ? cmd_fail(&err, EXIT_FAILED) : status;
}

/* What another command line would cure. */
static bool is_usage(int code)
{
    return code == -ENODEV || code == -ENOTSUP || code == -EINVAL;
}

static int measure(struct session *s)
{
    struct err err;
    const struct costs_options options = {.seed = s->args.seed,
        .strict = s->args.strict,
        .version = numaprobe_version,
        .stop = s->stop};
    if (output_files_open(
            s->args.csv ? s->args.csv : COSTS_FILE, s->args.json, &s->csv, &s->json, &err))
        return cmd_fail(&err, EXIT_USAGE);
    s->sampling = (struct sampling){.precision = s->args.precision,
        .max_time_ns = s->args.max_time_ns,
        .quiet = s->args.quiet,
        .threads = s->plan.cpus.count,
        .context = s,
        .block = measure_block,
        .enough = want_the_rest};
    sampling_begin(&s->sampling);
    const int prepared = costs_new(s->machine, &s->topology, &s->plan, options, &s->run, &err);
    if (prepared)
        return cmd_fail(&err, is_usage(prepared) ? EXIT_USAGE : EXIT_FAILED);
    const int measured = sampling_run(&s->sampling, &err);
    const int status = report(s);
    if (*s->stop)
        return 128 + *s->stop;
    return measured ? cmd_fail(&err, EXIT_FAILED) : status;
}

static int nothing_to_measure(const struct costs_plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->prices; i++)
        if (!*costs_why_not(plan, &plan->price[i]))
            return 0;
    if (plan->holds)
        return 0;
    return err_set(err, -EINVAL, "nothing to measure: %s",
        plan->prices         ? costs_why_not(plan, &plan->price[0])
        : *plan->why_no_hold ? plan->why_no_hold
                             : "--op none and --gap none leave neither a price nor a curve");
}

static int start(struct session *s)
{
    struct err err;
    s->stop = signals_listen(); /* first, so that a signal leaves no file half written */
    int code = make_plan(s, &err);
    if (*s->stop)
        return 128 + *s->stop;
    if (!code && s->args.dry_run)
        return costs_list(&s->plan, &s->topology);
    if (!code)
        code = nothing_to_measure(&s->plan, &err);
    if (code)
        return cmd_fail(&err, code == -ENOMEM ? EXIT_FAILED : EXIT_USAGE);
    return measure(s);
}

static int run(int argc, char **argv)
{
    struct session s = {0};
    int status = costs_args_parse(argc, argv, &s.args);
    if (status < 0)
        status = start(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_costs = {
    "costs", "price list of single ops, by a line's state and owner", run};
