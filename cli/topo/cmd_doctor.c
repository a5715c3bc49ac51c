/* SPDX-License-Identifier: MIT
 * numaprobe doctor: what on this machine limits a measurement, and what to change. Changes nothing
 * itself. */
#include "cli/cmd.h"

#include "cli/table_format.h"
#include "cli/topo/check_table.h"
#include "machine/system/doctor.h"
#include "machine/topology.h"

/* Ten ticks of /proc/stat: the shortest window that tells an idle cpu from a busy one. */
enum { WINDOW_MS = 100 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    (void)arg;
    return table_format_parse(key, state->input);
}

static size_t count_of(const struct check_result *finding, size_t count, enum check_level level)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += finding[i].level == level;
    return found;
}

static void put_sum(const struct check_result *finding, size_t count)
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

static int put(const struct check_result *finding, size_t count, enum table_format form)
{
    struct table *table =
        form == TABLE_TEXT ? check_table_text(finding, count) : check_table_data(finding, count);
    const int code = table_print(table, form);
    if (form == TABLE_TEXT && code == 0)
        put_sum(finding, count);
    return code;
}

static int examine(enum table_format form)
{
    struct machine *machine;
    struct topology topology;
    struct doctor_facts facts;
    struct check_result finding[DOCTOR_CHECKS_MAX];
    struct err err = {0};
    if (machine_open(NULL, &machine, &topology, &err) != 0)
        return cmd_fail(&err, EXIT_FAILED);
    doctor_gather("", &topology, WINDOW_MS, &facts);
    const size_t count = doctor_judge(&facts, finding);
    const int code = put(finding, count, form);
    topology_fini(&topology);
    machine_close(machine);
    if (code != 0)
        return cmd_done(EXIT_FAILED);
    return cmd_done(count_of(finding, count, CHECK_STOP) > 0 ? EXIT_CANNOT : EXIT_DONE);
}

static int run(int argc, char **argv)
{
    static const struct argp_option options[] = {FORM_OPTIONS, {0}};
    static const struct argp argp = {options, parse, NULL,
        "Tells what on this machine limits a measurement, what that means for the figures, and the "
        "command that changes it. Changes nothing itself."
        "\vExits with 0 when a measurement can be made, with 77 when not.",
        NULL, NULL, NULL};
    enum table_format form = TABLE_TEXT;
    const int status = cmd_parse(&argp, argc, argv, &form);
    return status >= 0 ? status : examine(form);
}

const struct cmd cmd_doctor = {"doctor", "tell what here limits a measurement", run};
