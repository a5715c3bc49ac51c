/* SPDX-License-Identifier: MIT
 * numaprobe fleet status: a table of the tasks. */
#include "cli/cmd.h"
#include "cli/fleet/fleet_args.h"
#include "cli/fleet/fleet_states.h"
#include "cli/table_format.h"

#include <inttypes.h>

struct view {
    const struct fleet_plan *plan;
    const struct fleet_states *states;
};

static struct table *tasks_table(const struct view *v)
{
    struct table *const table = table_with("task>|node|kind|job>|state|rows>|why");
    for (size_t i = 0; i < v->plan->count; i++) {
        const struct fleet_task *const task = &v->plan->task[i];
        const struct fleet_task_state *const state = &v->states->task[i];
        table_row(table);
        table_cell(table, PAINT_NONE, "%" PRId64, task->task);
        TABLE_TEXTS(table, task->node, task->kind);
        table_cell(table, PAINT_NONE, "%" PRId64, task->job);
        TABLE_TEXTS(table, fleet_state_name[state->state]);
        table_cell(table, PAINT_NONE, "%zu", state->rows);
        TABLE_TEXTS(table, state->why);
    }
    return table;
}

/* A task that is done needs no attention. */
static struct table *open_table(const struct view *v)
{
    struct table *const table = table_with("task>|node|state|why");
    for (size_t i = 0; i < v->plan->count; i++) {
        const struct fleet_task_state *const state = &v->states->task[i];
        if (state->state == FLEET_DONE)
            continue;
        table_row(table);
        table_cell(table, PAINT_NONE, "%" PRId64, v->plan->task[i].task);
        TABLE_TEXTS(table, v->plan->task[i].node, fleet_state_name[state->state], state->why);
    }
    return table;
}

static int print_text(void *context, FILE *out)
{
    const struct view *const v = context;
    for (size_t i = 0; i < FLEET_STATES; i++)
        fprintf(out, "%s%zu %s", i ? ", " : "", v->states->count[i], fleet_state_name[i]);
    fprintf(out, "\n");
    if (v->states->count[FLEET_DONE] == v->plan->count)
        return 0;
    fprintf(out, "\n");
    return cmd_print_table(open_table(v), out);
}

static int print_csv(void *context, FILE *out)
{
    return table_print_csv(tasks_table(context), out);
}

static int print_json(void *context, FILE *out)
{
    return table_print_json(tasks_table(context), "fleet", out);
}

/* A script that waits for the end asks until the code is not EXIT_UNKNOWN. */
static int status_of(const struct fleet_states *states)
{
    if (states->count[FLEET_RUNNING] || states->count[FLEET_WAITING])
        return EXIT_UNKNOWN;
    return states->count[FLEET_FAILED] || states->count[FLEET_MISSING] ? EXIT_FOUND : EXIT_DONE;
}

static int show_states(const struct fleet_args *args, const struct fleet_folder *folder)
{
    struct err err;
    struct fleet_states states;
    struct view view = {&folder->plan, &states};
    const struct table_output output = {print_text, print_csv, print_json, &view};
    const struct table_args form = {.csv = args->csv, .json = args->json};
    const int code = fleet_states_read(folder, &states, &err);
    const int status =
        code ? cmd_fail(&err, EXIT_CANNOT) : table_write(&form, &output, status_of(&states));
    fleet_states_fini(&states);
    return status;
}

int fleet_status(const struct fleet_args *args)
{
    struct err err;
    struct fleet_folder folder;
    int status = fleet_folder_read(args->folder, &folder, &err);
    status = status ? cmd_fail(&err, status) : show_states(args, &folder);
    fleet_folder_close(&folder);
    return status;
}
