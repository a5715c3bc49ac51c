/* SPDX-License-Identifier: MIT
 * numaprobe maps: plan, load by load blocks until the times are precise, verdicts, output. */
#include "cli/cmd.h"

#include "base/version.h"
#include "cli/instrument.h"
#include "cli/maps/maps_args.h"
#include "cli/maps/maps_price.h"
#include "cli/maps/maps_report.h"
#include "probes/maps/maps.h"

#include <errno.h>
#include <string.h>

/* As in run: with no stopping rule there is none to doubt. */
enum { SELF_TEST_BLOCKS = 30 };

struct session {
    struct instrument in; /* first, as instrument_main expects it */
    struct maps_args args;
    struct maps_plan plan;
    struct maps_run *run;
    struct map_table table;
    struct maps_price price;
    size_t precise; /* loads */
};

static int list(void *session)
{
    const struct session *const s = session;
    return s->args.list ? maps_print_list() : -1;
}

static int make_plan(void *session, struct err *err)
{
    struct session *const s = session;
    return maps_plan_build(&s->args.request, &s->in.topology, &s->plan, err);
}

static int print_plan(void *session)
{
    const struct session *const s = session;
    return maps_print_plan(&s->plan);
}

static int measure_block(void *context, struct samples *samples, struct err *err)
{
    struct session *const s = context;
    return maps_block(s->run, samples, err);
}

/* A self-test ends by a number of blocks, not by what they show; but on a busy machine few of a
 * strategy that sleeps may count. */
static bool is_precise(const struct session *s, const struct estimate *e)
{
    if (s->plan.self_test)
        return strcmp(e->twin, "b") != 0 || e->ratio.n >= STATS_BLOCKS_MIN;
    return interval_width(e->ns) <= s->args.common.precision;
}

/* `none` is measured to see the instrument, and is too fast to be precise. */
static bool are_precise(void *context, const struct summary *summary)
{
    const struct session *const s = context;
    bool precise = summary->regimes > 0;
    for (size_t i = 0; i < summary->count && precise; i++) {
        const struct estimate *const e = &summary->estimate[i];
        precise = e->regime != summary->regime[0].regime || strcmp(e->layout, "none") == 0 ||
                  is_precise(s, e);
    }
    return precise;
}

static int prepare(void *session, struct err *err)
{
    struct session *const s = session;
    const struct instrument_args *const args = &s->args.common;
    const struct maps_options options = {.seed = args->seed,
        .strict = args->strict,
        .version = numaprobe_version,
        .counters = s->args.counters,
        .events = s->args.events,
        .stop = s->in.stop};
    instrument_begin(&s->in, s->plan.cpus.count * s->plan.points, measure_block, are_precise);
    s->in.sampling.first_look = s->plan.self_test ? SELF_TEST_BLOCKS : 0;
    return maps_new(s->in.machine, &s->in.topology, &s->plan, options, &s->run, err);
}

static int move_samples(struct samples *from, struct samples *to)
{
    int code = 0;
    for (size_t i = 0; i < from->count && !code; i++)
        code = samples_push(to, &from->row[i]);
    return code;
}

/* Each load has its own blocks: those of all loads together would be so long that hardly one would
 * pass undisturbed. */
static int measure_load(struct session *s, const struct load *load, struct err *err)
{
    struct sampling part = s->in.sampling;
    part.samples = (struct samples){0};
    part.summary = (struct summary){0};
    maps_choose(s->run, load);
    sampling_begin(&part);
    int code = sampling_run(&part, err);
    s->precise += part.precise;
    if (move_samples(&part.samples, &s->in.sampling.samples) && !code)
        code = err_set(err, -ENOMEM, "out of memory for the rows; use a shorter --max-time");
    sampling_fini(&part);
    return code;
}

/* Its rows go with the others: a report of the CSV has the same reason. */
static int measure_price(struct session *s, struct err *err)
{
    if (*s->in.stop || !maps_price_is_wanted(&s->args.request, &s->plan))
        return 0;
    maps_price_measure(&s->price, &s->in, &s->plan);
    return move_samples(&s->price.sampling.samples, &s->in.sampling.samples)
               ? err_set(err, -ENOMEM, "out of memory for the rows; use a shorter --max-time")
               : 0;
}

static int measure(void *session, struct err *err)
{
    struct session *const s = session;
    int code = 0;
    for (size_t i = 0; i < s->plan.loads && !code; i++)
        code = measure_load(s, &s->plan.load[i], err);
    return code ? code : measure_price(s, err);
}

static int summarise(void *session, struct err *err)
{
    struct session *const s = session;
    const int code = sampling_summarise(&s->in.sampling, err);
    if (!code && map_table_build(&s->in.sampling.summary, &s->table))
        return err_set(err, -ENOMEM, "out of memory for the table of strategies");
    return code;
}

static int print_report(void *session, FILE *out, bool json)
{
    const struct session *const s = session;
    const struct maps_report report = {.topology = &s->in.topology,
        .plan = &s->plan,
        .samples = &s->in.sampling.samples,
        .summary = &s->in.sampling.summary,
        .table = &s->table,
        .events = event_view_of(
            maps_counters(s->run), maps_counters_how(s->run), s->args.counters, s->args.events),
        .no_price = maps_price_lacks(&s->price),
        .precision = s->args.common.precision,
        .seconds = sampling_elapsed_ns(&s->in.sampling) / 1e9,
        .precise = s->precise,
        .interrupted = *s->in.stop};
    return json ? maps_report_json(&report, out) : maps_report_text(&report, out);
}

static int judge_self_test(const struct session *s)
{
    struct err err;
    for (size_t i = 0; i < s->in.sampling.summary.count; i++) {
        const enum verdict_kind kind = verdict_kind(s->in.sampling.summary.estimate[i].ratio);
        if (kind == VERDICT_SLOWER || kind == VERDICT_FASTER)
            return EXIT_FOUND;
    }
    if (s->precise == s->plan.loads)
        return EXIT_DONE;
    err_set(&err, -ETIME,
        "--self-test: fewer than %d blocks of a load could be counted; give it a longer --max-time",
        SELF_TEST_BLOCKS);
    return cmd_fail(&err, EXIT_UNKNOWN);
}

/* What the others gave stands. */
static int judge(void *session)
{
    const struct session *const s = session;
    const struct err *const crash = maps_crash(s->run);
    return crash ? cmd_fail(crash, EXIT_FILE) : s->plan.self_test ? judge_self_test(s) : EXIT_DONE;
}

static const struct instrument_hooks hooks = {
    .options = &maps_options,
    .list = list,
    .make_plan = make_plan,
    .print_plan = print_plan,
    .prepare = prepare,
    .measure = measure,
    .summarise = summarise,
    .print_report = print_report,
    .write_csv = instrument_write_samples,
    .judge = judge,
};

static int maps_main(int argc, char **argv)
{
    struct session s = {.in.args = &s.args.common};
    const int status = instrument_main(&hooks, &s.in, &s.args, argc, argv);
    map_table_fini(&s.table);
    maps_price_fini(&s.price);
    maps_free(s.run);
    maps_plan_fini(&s.plan);
    cpuset_fini(&s.args.request.cpus);
    instrument_fini(&s.in);
    return status;
}

const struct cmd cmd_maps = {
    "maps", "what a way to share a map costs, under which load", maps_main, &maps_options, NULL};
