/* SPDX-License-Identifier: MIT
 * numaprobe stat: the roles of `run`, counted around any program. */
#include "cli/cmd.h"

#include "base/cpuset.h"
#include "base/sample.h"
#include "cli/events/stat_table.h"
#include "cli/output_files.h"
#include "machine/command.h"
#include "machine/topology.h"

#include <errno.h>
#include <stdlib.h>

struct stat_args {
    struct counters_request request;
    struct cpuset cpus; /* empty: the program and its children are counted */
    const char *csv, *json, *prometheus;
    bool quiet;
    char **command;
};

#define ARGS struct stat_args
static const struct option_row rows[] = {
    {"--counters", 0, "NAME", "auto or perf", "auto", OPTION_TEXT(request.backend)},
    {"--events", 0, "LIST",
        "Roles, as rfo,l3-miss, or events by name (default: those of contested lines)", NULL,
        OPTION_TEXT(request.events)},
    {"--cpus", 0, "LIST",
        "Everything that runs on these cpus meanwhile, each cpu separately (default: the program "
        "and its children)",
        NULL, OPTION_CPUS(cpus)},
    {"--csv", 'c', "FILE", "Write the counts as CSV", NULL, OPTION_TEXT(csv)},
    {"--json", 'j', "FILE", "Write the counts as JSON", NULL, OPTION_TEXT(json)},
    {"--prometheus", 0, "FILE",
        "Write the counts as metrics for node_exporter's textfile collector", NULL,
        OPTION_TEXT(prometheus)},
    {"--quiet", 'q', NULL, "Print no table for people", NULL, OPTION_FLAG(quiet)},
};

static const struct options options = {
    .arguments = "[--] COMMAND [ARGUMENT...]",
    .summary = "Runs a program and counts what it does in user space, with all that it starts: the "
               "roles of 'numaprobe events'. The table goes to stderr, the exit code is the "
               "program's.",
    .ending = "Examples:\n"
              "  numaprobe stat -- ./app\n"
              "  numaprobe stat --events rfo,l3-miss --csv counts.csv -- ./app\n"
              "  numaprobe stat --cpus 0-3 -- sleep 10",
    .runs_command = true,
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

struct session {
    struct stat_args args;
    struct counters counters;
    struct machine *machine;
    struct topology topology;
    struct stat_target *target;
    size_t targets;
    struct outfile csv, json, prometheus;
};

static void session_close(struct session *s)
{
    for (size_t i = 0; i < s->targets; i++)
        counters_close(s->target[i].counters);
    free(s->target);
    cpuset_fini(&s->args.cpus);
    counters_fini(&s->counters);
    outfile_discard(&s->csv);
    outfile_discard(&s->json);
    outfile_discard(&s->prometheus);
    topology_fini(&s->topology);
    machine_close(s->machine);
}

static int new_targets(struct session *s, size_t count, struct err *err)
{
    s->target = calloc(count, sizeof *s->target);
    if (!s->target)
        return err_set(err, -ENOMEM, "out of memory for %zu cpus", count);
    s->targets = count;
    for (size_t i = 0; i < count; i++)
        s->target[i].cpu = -1;
    return 0;
}

static int name_cpus(struct session *s, struct err *err)
{
    const struct cpuset *const cpus = &s->args.cpus;
    int code = machine_open(NULL, &s->machine, &s->topology, err);
    if (!code)
        code = new_targets(s, cpus->count, err);
    for (size_t i = 0; i < cpus->count && !code; i++) {
        if (!topology_cpu(&s->topology, cpus->cpu[i]))
            return err_set(
                err, -ENODEV, "--cpus: there is no cpu %u here (numaprobe topo)", cpus->cpu[i]);
        s->target[i].cpu = (int)cpus->cpu[i];
    }
    return code;
}

static void open_counters(struct session *s, int pid)
{
    for (size_t i = 0; i < s->targets; i++) {
        struct stat_target *const t = &s->target[i];
        const struct backend_target target = {.pid = s->args.cpus.count ? -1 : pid,
            .cpu = t->cpu,
            .wide = s->args.cpus.count && counters_is_first(&s->topology, s->args.cpus.cpu, i),
            .from_exec = !s->args.cpus.count};
        t->counters = counters_open(&s->counters, &target, &t->why);
        counters_begin(t->counters);
    }
}

static void read_counters(struct session *s, const struct command_end *end)
{
    for (size_t i = 0; i < s->targets; i++)
        stat_target_read(&s->target[i], &s->counters, end);
}

static int write_tables(struct session *s, const struct command_end *end, struct err *err)
{
    int code = 0;
    struct stat_result result = {&s->counters, s->target, s->targets, s->args.command, end};
    if (s->csv.stream) {
        stat_table_print(&result, TABLE_CSV, s->csv.stream);
        code = outfile_commit(&s->csv, err);
    }
    if (!code && s->json.stream) {
        stat_table_print(&result, TABLE_JSON, s->json.stream);
        code = outfile_commit(&s->json, err);
    }
    if (!code && s->prometheus.stream) {
        stat_metrics_print(&result, s->prometheus.stream);
        code = outfile_commit(&s->prometheus, err);
    }
    if (!s->args.quiet)
        stat_table_print(&result, TABLE_TEXT, stderr);
    return code;
}

/* 0, or the exit code with err. */
static int prepare_stat(struct session *s, struct err *err)
{
    s->args.request.software = true;
    int code = s->args.cpus.count ? name_cpus(s, err) : new_targets(s, 1, err);
    if (!code)
        code = counters_init(&s->counters, &s->args.request, err);
    if (code)
        return cmd_status(code);
    const struct output_file outputs[] = {{"--csv", s->args.csv, &s->csv},
        {"--json", s->args.json, &s->json}, {"--prometheus", s->args.prometheus, &s->prometheus}};
    code = output_files_open_all(outputs, 3, err);
    return !code ? 0 : code == -EINVAL ? EXIT_USAGE : EXIT_FILE;
}

static int count_command(struct session *s)
{
    struct err err;
    struct command command;
    struct command_end end;
    const int prepared = prepare_stat(s, &err);
    if (prepared)
        return cmd_fail(&err, prepared);
    if (command_hold(s->args.command, &command, &err))
        return cmd_fail(&err, EXIT_CANNOT);
    open_counters(s, command.pid);
    if (command_release(&command, s->args.command[0], &err))
        return cmd_fail_start(&err);
    command_wait(&command, &end);
    read_counters(s, &end);
    return write_tables(s, &end, &err) ? cmd_fail(&err, EXIT_FILE) : end.status;
}

static int stat_main(int argc, char **argv)
{
    struct session s = {0};
    int status = options_parse(&options, &argc, &argv, &s.args);
    s.args.command = argv;
    if (status < 0 && argc == 0) {
        struct err err;
        err_set(&err, -EINVAL, "stat: no command; expected: numaprobe stat [OPTION...] -- COMMAND");
        status = cmd_fail(&err, EXIT_USAGE);
    }
    if (status < 0)
        status = count_command(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_stat = {
    "stat", "count the same events around any program", stat_main, &options, NULL};
