/* SPDX-License-Identifier: MIT
 * numaprobe matrix: topology, plan, blocks until the pairs are precise, clusters, output. */
#include "cli/cmd.h"

#include "base/version.h"
#include "cli/instrument.h"
#include "cli/matrix/matrix_args.h"
#include "cli/matrix/matrix_measure.h"
#include "cli/matrix/matrix_memory.h"
#include "cli/matrix/matrix_report.h"
#include "cli/matrix/matrix_rows.h"

#include <errno.h>

struct session {
    struct matrix_memory memory; /* first: it begins with the instrument */
    struct matrix_args args;
    struct matrix_plan plan;
    struct matrix_run run;
    struct matrix_domains domains;
};

static int make_plan(void *session, struct err *err)
{
    struct session *const s = session;
    s->args.request.seed = s->args.common.seed;
    return matrix_plan_build(&s->args.request, &s->memory.in.topology, &s->plan, err);
}

static int print_plan(void *session)
{
    const struct session *const s = session;
    return matrix_list_plan(&s->plan);
}

static int prepare_matrix(void *session, struct err *err)
{
    struct session *const s = session;
    const struct matrix_options options = {.seed = s->args.common.seed,
        .strict = s->args.common.strict,
        .version = numaprobe_version,
        .stop = s->memory.in.stop};
    s->run = (struct matrix_run){.args = &s->args, .plan = &s->plan, .began_ns = clock_raw_ns()};
    return matrix_new(s->memory.in.machine, &s->plan, options, &s->run.matrix, err);
}

static int measure_pairs(void *session, struct err *err)
{
    struct session *const s = session;
    return matrix_measure(&s->run, err);
}

static int summarise(void *session, struct err *err)
{
    struct session *const s = session;
    if (matrix_results_build(s->run.matrix, &s->plan, &s->run.results) ||
        matrix_domains_build(&s->run.results, &s->domains))
        return err_set(err, -ENOMEM, "out of memory for the estimates");
    return 0;
}

static struct matrix_report report_of(const struct session *s)
{
    return (struct matrix_report){
        .run = &s->run, .domains = &s->domains, .interrupted = *s->memory.in.stop};
}

static int print_report(void *session, FILE *out, bool json)
{
    const struct matrix_report report = report_of(session);
    return json ? matrix_report_json(&report, out) : matrix_report_text(&report, out);
}

static int write_csv(void *session, FILE *out, struct err *err)
{
    const struct session *const s = session;
    (void)err;
    matrix_rows_write(s->run.matrix, &s->plan, out);
    return 0;
}

static const struct instrument_hooks *choose_hooks(const void *session);

static const struct instrument_hooks hooks = {
    .options = &matrix_options,
    .choose = choose_hooks,
    .make_plan = make_plan,
    .print_plan = print_plan,
    .prepare = prepare_matrix,
    .measure = measure_pairs,
    .summarise = summarise,
    .print_report = print_report,
    .write_csv = write_csv,
};

static const struct instrument_hooks *choose_hooks(const void *session)
{
    const struct session *const s = session;
    return s->args.memory ? &matrix_memory_hooks : &hooks;
}

static int matrix_main(int argc, char **argv)
{
    struct session s = {.memory = {.in.args = &s.args.common, .args = &s.args}};
    const int status = instrument_main(&hooks, &s.memory.in, &s.args, argc, argv);
    matrix_domains_fini(&s.domains);
    matrix_results_fini(&s.run.results);
    matrix_free(s.run.matrix);
    matrix_plan_fini(&s.plan);
    matrix_memory_fini(&s.memory);
    cpuset_fini(&s.args.request.cpus);
    instrument_fini(&s.memory.in);
    return status;
}

const struct cmd cmd_matrix = {"matrix",
    "measure the latency between every two cpus, and the clusters in it", matrix_main,
    &matrix_options, NULL};
