/* SPDX-License-Identifier: MIT
 * numaprobe matrix: topology, plan, blocks until the pairs are precise, clusters, output. */
#include "cli/cmd.h"

#include "base/version.h"
#include "cli/matrix/matrix_args.h"
#include "cli/matrix/matrix_measure.h"
#include "cli/matrix/matrix_report.h"
#include "cli/matrix/matrix_rows.h"
#include "cli/output_files.h"
#include "cli/signals.h"

#include <errno.h>

struct session {
    struct matrix_args args;
    struct machine *machine;
    struct topology topology;
    struct matrix_plan plan;
    struct outfile csv, json;
    struct matrix_run run;
    struct matrix_domains domains;
    const volatile int *stop;
};

static void session_close(struct session *s)
{
    matrix_domains_fini(&s->domains);
    matrix_results_fini(&s->run.results);
    matrix_free(s->run.matrix);
    outfile_discard(&s->csv);
    outfile_discard(&s->json);
    matrix_plan_fini(&s->plan);
    topology_fini(&s->topology);
    machine_close(s->machine);
}

static int make_plan(struct session *s, struct err *err)
{
    const int code = machine_open(s->args.topology, &s->machine, &s->topology, err);
    return code ? code : matrix_plan_build(&s->args.request, &s->topology, &s->plan, err);
}

static int write_outputs(struct session *s, const struct matrix_report *report, struct err *err)
{
    int code = 0;
    if (s->csv.stream) {
        if (matrix_rows_write(s->run.matrix, &s->plan, s->csv.stream))
            return err_set(err, -ENOMEM, "--csv: out of memory for the rows");
        code = outfile_commit(&s->csv, err);
    }
    if (!code && s->json.stream) {
        matrix_report_json(report, s->json.stream);
        code = outfile_commit(&s->json, err);
    }
    return code;
}

/* Everything is told, also of a run that was interrupted or failed in the middle. */
static int report(struct session *s)
{
    struct err err;
    if (matrix_results_build(s->run.matrix, &s->plan, s->args.request.seed, &s->run.results) ||
        matrix_domains_build(&s->run.results, &s->domains)) {
        err_set(&err, -ENOMEM, "out of memory for the figures");
        return cmd_fail(&err, EXIT_FAILED);
    }
    const struct matrix_report r = {
        .run = &s->run, .domains = &s->domains, .interrupted = *s->stop};
    matrix_report_text(&r, stdout);
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

static int measure(struct session *s)
{
    struct err err;
    const struct matrix_options options = {.seed = s->args.request.seed,
        .strict = s->args.strict,
        .version = numaprobe_version,
        .stop = s->stop};
    if (output_files_open(s->args.csv, s->args.json, &s->csv, &s->json, &err))
        return cmd_fail(&err, EXIT_USAGE);
    s->run = (struct matrix_run){.args = &s->args, .plan = &s->plan, .began_ns = clock_raw_ns()};
    const int prepared = matrix_new(s->machine, &s->plan, options, &s->run.matrix, &err);
    if (prepared)
        return cmd_fail(&err, is_usage(prepared) ? EXIT_USAGE : EXIT_FAILED);
    const int measured = matrix_measure(&s->run, &err);
    const int status = report(s);
    if (*s->stop)
        return 128 + *s->stop;
    return measured ? cmd_fail(&err, EXIT_FAILED) : status;
}

static int start(struct session *s)
{
    struct err err;
    /* First, so that a signal leaves no file half written. */
    s->stop = signals_listen();
    const int planned = make_plan(s, &err);
    if (*s->stop)
        return 128 + *s->stop;
    if (planned)
        return cmd_fail(&err, planned == -ENOMEM ? EXIT_FAILED : EXIT_USAGE);
    return s->args.dry_run ? matrix_list_plan(&s->plan) : measure(s);
}

static int run(int argc, char **argv)
{
    struct session s = {0};
    int status = matrix_args_parse(argc, argv, &s.args);
    if (status < 0)
        status = start(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_matrix = {
    "matrix", "measure the latency between every two cpus, and what it says of the topology", run};
