/* SPDX-License-Identifier: MIT
 * numaprobe costs: topology, plan, blocks until the prices are precise, price list, output. */
#include "cli/cmd.h"

#include "base/version.h"
#include "cli/costs/card.h"
#include "cli/costs/costs_args.h"
#include "cli/costs/costs_report.h"
#include "cli/instrument.h"
#include "probes/costs/costs.h"

#include <errno.h>

struct session {
    struct instrument in; /* first, as instrument_main expects it */
    struct costs_args args;
    struct costs_plan plan;
    struct costs_run *run;
    struct price_table costs;
    struct card_classes classes; /* of --card */
    char **argv;
};

static int check_plan(const struct costs_plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->prices; i++)
        if (!*costs_why_not(plan, &plan->price[i]))
            return 0;
    if (plan->prices)
        return err_set(err, -ENODEV, "no price can be measured here: %s",
            costs_why_not(plan, &plan->price[0]));
    if (plan->holds)
        return 0;
    return *plan->why_no_hold
               ? err_set(err, -ENODEV, "nothing to measure: %s", plan->why_no_hold)
               : err_set(err, -EINVAL,
                     "nothing to measure: --op none and --gap none leave neither a price nor a "
                     "curve");
}

static int check_card(const struct session *s, struct err *err)
{
    return s->args.label && !s->args.common.card
               ? err_set(err, -EINVAL, "--label: names the machine of a card; give it --card FILE")
               : 0;
}

static int make_plan(void *session, struct err *err)
{
    struct session *const s = session;
    if (check_card(s, err))
        return -EINVAL;
    if (s->args.common.card)
        card_request(&s->args.request);
    const int code = costs_plan_build(&s->args.request, &s->in.topology, &s->plan, err);
    if (!code && s->args.common.card)
        card_classes_plan(&s->classes, &s->plan, &s->in.topology, &s->args.common);
    return code || s->args.common.dry_run ? code : check_plan(&s->plan, err);
}

static int print_plan(void *session)
{
    const struct session *const s = session;
    const int status = costs_list(&s->plan, &s->in.topology);
    if (status == EXIT_DONE && s->args.common.card)
        card_print_estimate(&s->plan, &s->classes, &s->args.common, stdout);
    return cmd_done(status);
}

static int measure_block(void *context, struct samples *samples, struct err *err)
{
    struct session *s = context;
    return costs_block(s->run, samples, err);
}

static bool price_precise(const struct session *s, const struct price_point *p)
{
    const struct price_entry *const f = costs_price(&s->costs, p);
    return f && interval_width(f->ns) <= s->args.common.precision;
}

static bool hold_precise(const struct session *s, const struct hold_point *p)
{
    const struct hold_curve *const c = costs_hold(&s->costs, p);
    return c && interval_width(c->contended) <= s->args.common.precision &&
           interval_width(c->alone) <= s->args.common.precision;
}

/* A precise figure leaves its time to the others. Decided anew at each look: another regime may
 * have become the one with the most blocks. Out of memory is not precise; the report shows it. */
static bool want_imprecise(void *context, const struct summary *summary)
{
    struct session *s = context;
    bool enough = true;
    price_table_fini(&s->costs);
    if (price_table_build(&s->in.sampling.samples, summary, &s->costs))
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

static int prepare_costs(void *session, struct err *err)
{
    struct session *const s = session;
    const struct instrument_args *const args = &s->args.common;
    const struct costs_options options = {.seed = args->seed,
        .strict = args->strict,
        .version = numaprobe_version,
        .stop = s->in.stop};
    instrument_begin(&s->in, s->plan.cpus.count, measure_block, want_imprecise);
    if (args->card)
        s->in.sampling.max_time_ns *= card_costs_share;
    return costs_new(s->in.machine, &s->in.topology, &s->plan, options, &s->run, err);
}

static int measure_all(void *session, struct err *err)
{
    struct session *const s = session;
    const int code = instrument_sample(session, err);
    if (!code && s->args.common.card && !*s->in.stop)
        card_classes_measure(&s->classes, &s->in, &s->args.common);
    return code;
}

static int summarise(void *session, struct err *err)
{
    struct session *const s = session;
    const int code = sampling_summarise(&s->in.sampling, err);
    price_table_fini(&s->costs);
    if (!code &&
        price_table_build(&s->in.sampling.samples, &s->in.sampling.summary, &s->costs) == -ENOMEM)
        return err_set(err, -ENOMEM, "out of memory for the prices");
    return code;
}

static struct costs_report report_of(const struct session *s)
{
    return (struct costs_report){.topology = &s->in.topology,
        .plan = &s->plan,
        .samples = &s->in.sampling.samples,
        .summary = &s->in.sampling.summary,
        .costs = &s->costs,
        .precision = s->args.common.precision,
        .seconds = sampling_elapsed_ns(&s->in.sampling) / 1e9,
        .precise = s->in.sampling.precise,
        .limit = s->in.sampling.limit,
        .interrupted = *s->in.stop};
}

static int print_report(void *session, FILE *out, bool json)
{
    const struct session *const s = session;
    const struct costs_report report = report_of(s);
    if (json)
        return costs_report_json(&report, out);
    const int code = costs_report_text(&report, out);
    if (s->args.common.card && report.interrupted)
        cmd_warn(out, "No card is written, since the run was interrupted.");
    else if (s->args.common.card)
        card_classes_print(&s->classes, out);
    return code;
}

static int print_card(void *session, FILE *out)
{
    const struct session *const s = session;
    const struct costs_report costs = report_of(s);
    const struct card_report report = {&costs, &s->classes, s->args.label, s->argv};
    return card_print(&report, out);
}

static const struct instrument_hooks hooks = {
    .options = &costs_options,
    .make_plan = make_plan,
    .print_plan = print_plan,
    .prepare = prepare_costs,
    .measure = measure_all,
    .summarise = summarise,
    .print_report = print_report,
    .print_card = print_card,
    .write_csv = instrument_write_samples,
};

static int costs_main(int argc, char **argv)
{
    struct session s = {.in.args = &s.args.common, .argv = argv};
    const int status = instrument_main(&hooks, &s.in, &s.args, argc, argv);
    card_classes_fini(&s.classes);
    price_table_fini(&s.costs);
    costs_free(s.run);
    costs_plan_fini(&s.plan);
    cpuset_fini(&s.args.request.cpus);
    instrument_fini(&s.in);
    return status;
}

const struct cmd cmd_costs = {"costs", "price list of single ops, by a line's state and owner",
    costs_main, &costs_options, NULL};
