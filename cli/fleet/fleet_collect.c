/* SPDX-License-Identifier: MIT
 * numaprobe fleet collect: the rows of all tasks that are done, and the names of the others. */
#include "cli/cmd.h"
#include "cli/fleet/fleet_args.h"
#include "cli/fleet/fleet_states.h"
#include "cli/output_files.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

struct collecting {
    const struct fleet_args *args;
    struct fleet_folder folder;
    struct fleet_states states;
    struct outfile csv;
    size_t tasks, rows;
};

static int copy_task(struct collecting *c, const struct fleet_task *task, struct err *err)
{
    char path[PATH_MAX];
    fleet_task_file(&c->folder, task, "result.csv", path);
    FILE *const in = fopen(path, "re");
    if (!in)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    const int code = fleet_result_copy(in, task->node, c->tasks == 0, c->csv.stream, err);
    fclose(in);
    return code;
}

static int copy_all(struct collecting *c, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < c->folder.plan.count && !code; i++) {
        const struct fleet_task_state *const state = &c->states.task[i];
        if (state->state != FLEET_DONE)
            continue;
        code = copy_task(c, &c->folder.plan.task[i], err);
        c->tasks++;
        c->rows += state->rows;
    }
    return code;
}

static int collect_rows(struct collecting *c, struct err *err)
{
    const int status = fleet_folder_read(c->args->folder, &c->folder, err);
    if (status)
        return status;
    if (fleet_states_read(&c->folder, &c->states, err))
        return EXIT_CANNOT;
    if (c->states.count[FLEET_DONE] == 0)
        return 0;
    if (outfile_open("--csv", c->args->csv, &c->csv, err) || copy_all(c, err) ||
        outfile_commit(&c->csv, err))
        return EXIT_FILE;
    return 0;
}

/* One line each, on stderr, since the CSV may be on standard output. */
static int report_missing(const struct collecting *c)
{
    const struct fleet_plan *const plan = &c->folder.plan;
    fprintf(stderr, "%zu of %zu tasks, %zu rows\n", c->tasks, plan->count, c->rows);
    for (size_t i = 0; i < plan->count; i++) {
        const struct fleet_task_state *const state = &c->states.task[i];
        if (state->state != FLEET_DONE)
            fprintf(stderr, "missing: %s, task %" PRId64 ": %s%s%s\n", plan->task[i].node,
                plan->task[i].task, fleet_state_name[state->state], *state->why ? ": " : "",
                state->why);
    }
    return c->tasks < plan->count ? EXIT_FOUND : EXIT_DONE;
}

int fleet_collect(const struct fleet_args *args)
{
    struct err err;
    struct collecting c = {.args = args};
    int status = EXIT_USAGE;
    if (args->csv)
        status = collect_rows(&c, &err);
    else
        err_set(&err, -EINVAL, "--csv: is missing; name the file of the rows of all nodes");
    status = status ? cmd_fail(&err, status) : cmd_done(report_missing(&c));
    outfile_discard(&c.csv);
    fleet_states_fini(&c.states);
    fleet_folder_close(&c.folder);
    return status;
}
