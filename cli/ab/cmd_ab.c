/* SPDX-License-Identifier: MIT
 * numaprobe ab: programs, blocks of runs, ratios, verdict, output. */
#include "cli/cmd.h"

#include "analysis/ab/ab_csv.h"
#include "base/version.h"
#include "cli/ab/ab_input.h"
#include "cli/ab/ab_join_files.h"
#include "cli/ab/ab_measure.h"
#include "cli/ab/ab_report.h"
#include "cli/output_files.h"
#include "cli/signals.h"
#include "machine/clock.h"
#include "machine/memory.h"
#include "probes/trial/provenance.h"

#include <errno.h>
#include <stdlib.h>

struct session {
    struct ab_args args;
    struct ab_commands commands;
    struct ab_setting setting;
    struct ab_input input;
    regex_t pattern;
    struct machine *machine;
    struct topology topology;
    struct ab_series *series;
    struct provenance origin;
    char *cpus, counters[600];
    struct ab_session runs;
    struct ab_rule rule;
    struct ab_measuring measuring;
    struct ab_result result;
    struct outfile csv, json;
};

static void session_close(struct session *s)
{
    ab_series_free(s->series);
    ab_result_fini(&s->result);
    free(s->runs.run);
    free(s->cpus);
    if (s->setting.pattern)
        regfree(&s->pattern);
    ab_input_close(&s->input);
    ab_commands_fini(&s->commands);
    cpuset_fini(&s->setting.cpus);
    cpuset_fini(&s->args.cpus);
    topology_fini(&s->topology);
    machine_close(s->machine);
    outfile_discard(&s->csv);
    outfile_discard(&s->json);
}

static int compile_metric(struct session *s, struct err *err)
{
    const char *const text = s->args.metric;
    char why[128];
    if (!text)
        return s->args.judged == AB_METRIC
                   ? err_set(err, -EINVAL, "--judge metric: needs --metric, which names it")
                   : 0;
    const int wrong = regcomp(&s->pattern, text, REG_EXTENDED | REG_NEWLINE);
    if (wrong) {
        regerror(wrong, &s->pattern, why, sizeof why);
        return err_set(err, -EINVAL, "--metric: '%s': %s", text, why);
    }
    s->setting.pattern = &s->pattern;
    s->setting.metric = text;
    return s->pattern.re_nsub
               ? 0
               : err_set(err, -EINVAL,
                     "--metric: '%s' has no group; put what is the number in parentheses", text);
}

/* -EINVAL where the judged event was not asked for, -ENODEV where it is not counted here. */
static int check_judged(struct session *s, struct err *err)
{
    const struct counters *const c = &ab_series_runner(s->series)->counters;
    const char *const name = ab_measure_name(s->args.judged);
    if (s->args.judged < AB_EVENT)
        return 0;
    for (size_t i = 0; i < c->roles; i++)
        if (c->role[i].role + AB_EVENT == s->args.judged)
            return c->role[i].counted
                       ? 0
                       : err_set(err, -ENODEV, "--judge %s: %s", name, c->role[i].why.text);
    return err_set(err, -EINVAL, "--judge %s: needs --events with it", name);
}

static void name_programs(struct session *s)
{
    s->setting.programs = s->runs.programs = s->commands.count;
    for (unsigned i = 0; i < s->commands.count; i++) {
        struct ab_program *const p = &s->setting.program[i];
        *p = (struct ab_program){.command = s->commands.text[i], .argv = s->commands.argv[i]};
        for (size_t k = 0; i < 2 && k < s->args.env[i].count; k++)
            p->env[p->envs++] = s->args.env[i].word[k];
        s->runs.command[i] = s->commands.text[i];
    }
}

static int choose_cpus(struct session *s, struct err *err)
{
    const struct ab_args *const a = &s->args;
    if (a->cpus.count && (a->placement || a->threads))
        return err_set(err, -EINVAL, "--cpus: names the cpus; leave %s out",
            a->placement ? "--place" : "--threads");
    int code = 0;
    if (a->cpus.count)
        code = place_listed(&s->topology, &a->cpus, &s->setting.cpus, err);
    else if (a->placement || a->threads)
        code = place_chosen(&s->topology, a->placement, a->threads, &s->setting.cpus, err);
    s->cpus = cpuset_format(s->setting.cpus.cpu, s->setting.cpus.count);
    return !code && !s->cpus ? err_set(err, -ENOMEM, "out of memory for the cpus") : code;
}

/* Local memory is what the kernel gives without being asked. */
static int choose_memory(struct session *s, struct err *err)
{
    struct memory_policy policy = {.node = MEMORY_ANY_NODE};
    if (s->args.memory.kind == MEMORY_LOCAL)
        return 0;
    if (s->args.memory.kind == MEMORY_REMOTE && s->setting.cpus.count == 0)
        return err_set(err, -EINVAL, "--mem-node remote: needs --cpus or --place");
    const int code =
        place_memory(&s->topology, &s->setting.cpus, s->args.memory, &policy.node, err);
    return code || s->args.dry_run ? code : memory_bind_programs(policy, err);
}

static int make_plan(struct session *s, struct err *err)
{
    int code = ab_commands_read(&s->args, &s->commands, err);
    if (!code)
        code = compile_metric(s, err);
    if (!code)
        code = machine_open(NULL, &s->machine, &s->topology, err);
    if (!code)
        code = choose_cpus(s, err);
    if (!code)
        code = choose_memory(s, err);
    if (code)
        return code;
    s->setting.prepare = s->args.prepare;
    s->setting.events = s->args.events;
    s->setting.same_output = s->args.same_output;
    s->setting.shake = s->args.shake;
    s->rule = (struct ab_rule){
        .judged = s->args.judged, .precision = s->args.precision, .gate = s->args.gate};
    name_programs(s);
    return 0;
}

static void describe_session(struct session *s)
{
    provenance_init(&s->origin, numaprobe_version, s->args.seed);
    s->runs.id = s->origin.id;
    s->runs.started_at = s->origin.started_at;
    s->runs.host = s->origin.system.host;
    s->runs.cpu_model = s->origin.system.cpu_model;
    s->runs.kernel = s->origin.system.kernel;
    s->runs.version = numaprobe_version;
    s->runs.cpus = s->cpus;
    s->runs.counters = s->counters;
    if (s->args.events)
        counters_describe(&ab_series_runner(s->series)->counters, s->counters, sizeof s->counters);
    s->runs.seed = s->args.seed;
}

static int print_plan(const struct session *s)
{
    for (unsigned i = 0; i < s->commands.count; i++) {
        printf("%s:", ab_slot_name(i, s->commands.count));
        for (char *const *word = s->commands.argv[i]; *word; word++)
            printf(" '%s'", *word);
        printf("\n");
    }
    printf("cpus: %s\n", *s->cpus ? s->cpus : "any");
    return cmd_done(EXIT_DONE);
}

/* What a program did wrong is the user's input. */
static int status_of(int code)
{
    static const struct {
        int code, status;
    } known[] = {{-ENOENT, EXIT_FILE}, {-EACCES, EXIT_FILE}, {-ENOEXEC, EXIT_FILE},
        {-ENOTDIR, EXIT_FILE}, {-EDOM, EXIT_FOUND}, {-ENOTUNIQ, EXIT_UNKNOWN},
        {-ETIMEDOUT, EXIT_UNKNOWN}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].status;
    return cmd_status(code);
}

static int write_outputs(struct session *s, const struct ab_report *report, struct err *err)
{
    int code = 0;
    if (s->csv.stream) {
        ab_csv_write(&s->runs, s->csv.stream);
        code = outfile_commit(&s->csv, err);
    }
    if (!code && s->json.stream) {
        ab_report_json(report, s->json.stream);
        code = outfile_commit(&s->json, err);
    }
    return code;
}

/* What was measured before a failure or a signal is reported, too. */
static int report(struct session *s, bool decide)
{
    struct err err;
    if (ab_result_init(&s->result, &s->runs, 1, &s->rule)) {
        err_set(&err, -ENOMEM, "out of memory for the estimates");
        return cmd_fail(&err, EXIT_CANNOT);
    }
    const struct ab_report view = {.result = &s->result,
        .shake = s->args.shake,
        .precise = s->measuring.precise,
        .limit = s->measuring.limit,
        .interrupted = *s->setting.stop,
        .seconds = (double)(clock_raw_ns() - s->measuring.began_ns) / 1e9,
        .series = s->series};
    ab_report_text(&view, output_text(&s->csv, &s->json));
    const int status = cmd_done(EXIT_DONE);
    if (write_outputs(s, &view, &err))
        return cmd_fail(&err, EXIT_FILE);
    return status == EXIT_DONE && decide ? ab_report_status(&view) : status;
}

static int measure(struct session *s)
{
    struct err err;
    s->measuring = (struct ab_measuring){
        .args = &s->args, .rule = &s->rule, .series = s->series, .session = &s->runs};
    const int code = ab_measure(&s->measuring, &err);
    const int stop = *s->setting.stop;
    const int status = s->runs.runs || stop || !code ? report(s, !code && !stop) : EXIT_DONE;
    if (stop)
        return 128 + stop;
    return code ? cmd_fail(&err, status_of(code)) : status;
}

static int run_session(struct session *s)
{
    struct err err;
    s->setting.stop = signals_listen();
    const int planned = make_plan(s, &err);
    if (planned)
        return cmd_fail(&err, cmd_status(planned));
    if (s->args.dry_run)
        return print_plan(s);
    if (ab_input_open(s->args.input, &s->input, &err))
        return cmd_fail(&err, EXIT_FILE);
    s->setting.input = s->input.path;
    const int opened = output_files_open(s->args.csv, s->args.json, &s->csv, &s->json, &err);
    if (opened)
        return cmd_fail(&err, opened == -EINVAL ? EXIT_USAGE : EXIT_FILE);
    int prepared =
        ab_series_new(s->machine, &s->topology, &s->setting, s->args.seed, &s->series, &err);
    if (!prepared)
        prepared = check_judged(s, &err);
    if (prepared)
        return cmd_fail(&err, cmd_status(prepared));
    describe_session(s);
    return measure(s);
}

static int ab_main(int argc, char **argv)
{
    struct session s = {0};
    int status = options_parse(&ab_options, &argc, &argv, &s.args);
    s.args.word = argv;
    s.args.words = argc;
    if (status < 0)
        status = s.args.sessions ? ab_join_files(&s.args) : run_session(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_ab = {
    "ab", "report which of several programs is faster", ab_main, &ab_options, NULL};
