/* SPDX-License-Identifier: MIT
 * numaprobe doctor: what on this machine limits a measurement, and what to change. Changes
 * nothing. */
#include "cli/cmd.h"

#include "cli/table_format.h"
#include "cli/topo/check_table.h"
#include "machine/system/doctor_calls.h"
#include "machine/topology.h"

#include <errno.h>

/* Ten ticks of /proc/stat: the shortest window that distinguishes an idle cpu from a busy one. */
enum { WINDOW_MS = 100 };

static size_t count_of(const struct check_result *finding, size_t count, enum check_level level)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += finding[i].level == level;
    return found;
}

static void print_summary(const struct check_result *finding, size_t count)
{
    const size_t limits = count_of(finding, count, CHECK_LIMIT);
    const size_t stops = count_of(finding, count, CHECK_STOP);
    if (stops > 0)
        printf("\nNothing can be measured here: see 'stop' above.\n");
    else if (limits > 0)
        printf("\nA measurement can be made here, with %zu limit%s.\n", limits,
            limits == 1 ? "" : "s");
    else
        printf("\nA measurement can be made here.\n");
}

struct view {
    const struct check_result *finding;
    size_t count;
};

static int print_text(void *context, FILE *out)
{
    const struct view *const v = context;
    const int code = cmd_print_table(check_table_text(v->finding, v->count), out);
    if (code == 0)
        print_summary(v->finding, v->count);
    return code;
}

static int print_csv(void *context, FILE *out)
{
    const struct view *const v = context;
    return table_print_csv(check_table_data(v->finding, v->count), out);
}

static int print_json(void *context, FILE *out)
{
    const struct view *const v = context;
    return table_print_json(check_table_data(v->finding, v->count), "doctor", out);
}

struct doctor_args {
    const char *topology; /* NULL: this machine */
    struct table_args form;
};

/* Of this machine, or of the one that was recorded. */
static int gather_facts(const struct doctor_args *args, const struct machine *machine,
    const struct topology *topology, struct doctor_facts *facts, struct err *err)
{
    const struct recording *const recording = machine_recording(machine);
    if (recording)
        return doctor_recall(
            recording_root(recording), topology, recording_value(recording, "calls"), facts, err);
    if (args->topology)
        return err_set(err, -EINVAL,
            "--topology: '%.100s' is not a recording, which alone has what doctor judges; "
            "'numaprobe "
            "topo --record DIR' makes one",
            args->topology);
    doctor_gather("", topology, WINDOW_MS, facts);
    return 0;
}

static int judge_facts(const struct doctor_args *args, const struct doctor_facts *facts)
{
    struct check_result finding[DOCTOR_CHECKS_MAX];
    const size_t count = doctor_judge(facts, finding);
    struct view view = {finding, count};
    const struct table_output output = {print_text, print_csv, print_json, &view};
    return table_write(
        &args->form, &output, count_of(finding, count, CHECK_STOP) > 0 ? EXIT_CANNOT : EXIT_DONE);
}

static int examine_machine(const struct doctor_args *args)
{
    struct machine *machine;
    struct topology topology;
    struct doctor_facts facts;
    struct err err = {0};
    int code = machine_open(args->topology, &machine, &topology, &err);
    if (code)
        return cmd_fail(&err, args->topology ? cmd_status(code) : EXIT_CANNOT);
    code = gather_facts(args, machine, &topology, &facts, &err);
    const int status = code ? cmd_fail(&err, cmd_status(code)) : judge_facts(args, &facts);
    topology_fini(&topology);
    machine_close(machine);
    return status;
}

#define ARGS struct doctor_args
static const struct option_row rows[] = {
    {"--topology", 't', "DIR", "Another machine, as 'numaprobe topo --record DIR' recorded it",
        NULL, OPTION_TEXT(topology)},
    TABLE_FORMAT_OPTIONS,
};

static const struct options options = {
    .summary = "Reports what limits a measurement on this machine, what that means for the "
               "figures, and the command that changes it. Changes nothing.",
    .ending = "Exits with 0 when a measurement can be made, with 77 when not.\n\n"
              "Examples:\n"
              "  numaprobe doctor\n"
              "  numaprobe doctor --topology DIR\n"
              "  numaprobe doctor --quiet && numaprobe --csv out.csv",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

static int doctor_main(int argc, char **argv)
{
    struct doctor_args args = {0};
    const int status = options_parse(&options, &argc, &argv, &args);
    return status >= 0 ? status : examine_machine(&args);
}

const struct cmd cmd_doctor = {
    "doctor", "report what limits a measurement here", doctor_main, &options, NULL};
