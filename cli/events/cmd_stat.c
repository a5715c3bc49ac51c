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
#include <string.h>

enum { KEY_COUNTERS = 0x100, KEY_EVENTS, KEY_CPUS, KEY_CSV, KEY_JSON };

struct stat_args {
    struct counters_request request;
    const char *cpus, *csv, *json;
    char **command;
};

static const struct argp_option options[] = {
    {"counters", KEY_COUNTERS, "NAME", 0, "auto or perf (default: auto)", 0},
    {"events", KEY_EVENTS, "LIST", 0,
        "Roles, as rfo,l3-miss, or events by name (default: those of contested lines)", 0},
    {"cpus", KEY_CPUS, "LIST", 0,
        "All that runs on these cpus meanwhile, each by itself (default: the program and its "
        "children)",
        0},
    {"csv", KEY_CSV, "FILE", 0, "Write the counts as CSV", 0},
    {"json", KEY_JSON, "FILE", 0, "Write the counts as JSON", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct stat_args *a = state->input;
    const char **const text = key == KEY_COUNTERS ? &a->request.backend
                              : key == KEY_EVENTS ? &a->request.events
                              : key == KEY_CPUS   ? &a->cpus
                              : key == KEY_CSV    ? &a->csv
                              : key == KEY_JSON   ? &a->json
                                                  : NULL;
    if (text)
        *text = arg;
    else if (key == ARGP_KEY_ARGS)
        a->command = state->argv + state->next;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

struct session {
    struct stat_args args;
    struct counters counters;
    struct machine *machine;
    struct topology topology;
    struct stat_target *target;
    size_t targets;
    struct outfile csv, json;
};

static void session_close(struct session *s)
{
    for (size_t i = 0; i < s->targets; i++)
        counters_close(s->target[i].counters);
    free(s->target);
    counters_fini(&s->counters);
    outfile_discard(&s->csv);
    outfile_discard(&s->json);
    topology_fini(&s->topology);
    machine_close(s->machine);
}

static bool is_first_behind_l3(const struct session *s, size_t index)
{
    const struct topology_cpu *me = topology_cpu(&s->topology, (unsigned)s->target[index].cpu);
    for (size_t i = 0; me && me->l3 >= 0 && i < index; i++)
        if (topology_cpu(&s->topology, (unsigned)s->target[i].cpu)->l3 == me->l3)
            return false;
    return true;
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

static int name_cpus(struct session *s, const struct cpuset *cpus, struct err *err)
{
    const int code = new_targets(s, cpus->count, err);
    for (size_t i = 0; i < cpus->count && !code; i++) {
        if (!topology_cpu(&s->topology, cpus->cpu[i]))
            return err_set(
                err, -EINVAL, "--cpus: there is no cpu %u here (numaprobe topo)", cpus->cpu[i]);
        s->target[i].cpu = (int)cpus->cpu[i];
    }
    return code;
}

static int name_targets(struct session *s, struct err *err)
{
    if (!s->args.cpus)
        return new_targets(s, 1, err);
    struct cpuset cpus;
    int code = cpuset_parse(s->args.cpus, &cpus, err);
    if (code)
        return code;
    code = machine_open(NULL, &s->machine, &s->topology, err);
    if (!code)
        code = name_cpus(s, &cpus, err);
    cpuset_fini(&cpus);
    return code;
}

static void open_counters(struct session *s, int pid)
{
    for (size_t i = 0; i < s->targets; i++) {
        struct stat_target *const t = &s->target[i];
        const struct backend_target target = {.pid = s->args.cpus ? -1 : pid,
            .cpu = t->cpu,
            .wide = s->args.cpus && is_first_behind_l3(s, i),
            .from_exec = !s->args.cpus};
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
    stat_table_print(&result, TABLE_TEXT, stderr);
    return code;
}

static int prepare(struct session *s, struct err *err)
{
    s->args.request.software = true;
    int code = name_targets(s, err);
    if (!code)
        code = output_files_open(s->args.csv, s->args.json, &s->csv, &s->json, err);
    return code ? code : counters_init(&s->counters, &s->args.request, err);
}

/* As env and nice tell it: 127 not found, 126 found but not to be run. */
static int cannot_run(int code)
{
    return code == -ENOENT ? 127 : 126;
}

static int count(struct session *s)
{
    struct err err;
    struct command command;
    struct command_end end;
    if (prepare(s, &err))
        return cmd_fail(&err, EXIT_USAGE);
    if (command_hold(s->args.command, &command, &err))
        return cmd_fail(&err, EXIT_FAILED);
    open_counters(s, command.pid);
    const int code = command_release(&command, s->args.command[0], &err);
    if (code)
        return cmd_fail(&err, cannot_run(code));
    command_wait(&command, &end);
    read_counters(s, &end);
    return write_tables(s, &end, &err) ? cmd_fail(&err, EXIT_FAILED) : end.status;
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {options, parse, "[--] COMMAND [ARGUMENT...]",
        "Runs a program and counts what it does in user space, with all that it starts: the roles "
        "of 'numaprobe events'. The table goes to stderr, the exit code is the program's.",
        NULL, NULL, NULL};
    struct session s = {0};
    int status = cmd_parse(&argp, argc, argv, &s.args);
    if (status < 0 && !s.args.command) {
        struct err err;
        err_set(&err, -EINVAL, "stat: no command; expected: numaprobe stat [OPTION...] -- COMMAND");
        status = cmd_fail(&err, EXIT_USAGE);
    }
    if (status < 0)
        status = count(&s);
    session_close(&s);
    return status;
}

const struct cmd cmd_stat = {"stat", "count the same events around any program", run};
