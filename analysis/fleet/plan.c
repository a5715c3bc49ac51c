/* SPDX-License-Identifier: MIT
 * Rows of a plan, joined with what is there. */
#include "analysis/fleet/plan.h"

#include "analysis/fleet/seen.h"
#include "base/grow.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int fail_memory(struct err *err)
{
    return err_set(err, -ENOMEM, "out of memory for the plan");
}

int fleet_plan_init(struct fleet_plan *plan, struct err *err)
{
    *plan = (struct fleet_plan){.strings = strings_new()};
    return plan->strings ? 0 : fail_memory(err);
}

void fleet_plan_fini(struct fleet_plan *plan)
{
    free(plan->task);
    strings_free(plan->strings);
    *plan = (struct fleet_plan){0};
}

int64_t fleet_plan_jobs(const struct fleet_plan *plan)
{
    int64_t most = 0;
    for (size_t i = 0; i < plan->count; i++)
        most = plan->task[i].job > most ? plan->task[i].job : most;
    return most;
}

const struct fleet_task *fleet_plan_job(const struct fleet_plan *plan, int64_t job)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->task[i].job == job)
            return &plan->task[i];
    return NULL;
}

static int check_same(const struct fleet_plan *plan, const struct fleet_job *job, struct err *err)
{
    const struct fleet_task *const first = plan->task;
    if (plan->count == 0)
        return 0;
    if (strcmp(first->version, job->version) != 0)
        return err_set(err, -EINVAL,
            "the plan in this folder is of numaprobe %s, this is %s; plan in another folder",
            first->version, job->version);
    if (strcmp(first->scheduler, job->scheduler) != 0)
        return err_set(err, -EINVAL,
            "the plan in this folder is for %s, this one for %s; plan in another folder",
            first->scheduler, job->scheduler);
    return 0;
}

/* The number of a command; a new one where there is none. */
static int64_t job_number(const struct fleet_plan *plan, const char *command)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->task[i].command, command) == 0)
            return plan->task[i].job;
    return fleet_plan_jobs(plan) + 1;
}

/* Those of this job take its limit and its program, and are then known by their node. */
static int update_tasks(
    struct fleet_plan *plan, const struct fleet_task *row, struct fleet_seen **nodes, int64_t *last)
{
    int code = 0;
    for (size_t i = 0; i < plan->count && !code; i++) {
        struct fleet_task *const task = &plan->task[i];
        *last = task->task > *last ? task->task : *last;
        if (task->job != row->job)
            continue;
        task->limit_s = row->limit_s;
        task->program = row->program;
        if (fleet_seen_find(*nodes, task->node) == FLEET_UNSEEN)
            code = fleet_seen_add(nodes, task->node, i);
    }
    return code;
}

static int add_task(struct fleet_plan *plan, struct fleet_task row, const struct fleet_node *node)
{
    row.node = strings_intern(plan->strings, node->name);
    row.kind = strings_intern(plan->strings, node->kind);
    row.partition = strings_intern(plan->strings, node->partition);
    if (!row.node || !row.kind || !row.partition || GROW(plan->task, plan->count))
        return -ENOMEM;
    plan->task[plan->count++] = row;
    return 0;
}

static int add_nodes(struct fleet_plan *plan, const struct fleet_nodes *nodes,
    struct fleet_task *row, struct err *err)
{
    struct fleet_seen *there = NULL;
    int code = update_tasks(plan, row, &there, &row->task);
    for (size_t i = 0; i < nodes->count && !code; i++) {
        if (fleet_seen_find(there, nodes->node[i].name) != FLEET_UNSEEN)
            continue;
        row->task++;
        code = row->task > FLEET_TASKS_MAX ? -E2BIG : add_task(plan, *row, &nodes->node[i]);
    }
    fleet_seen_free(&there);
    return code == -E2BIG ? err_set(err, code, "a plan has at most %d tasks; use several folders",
                                FLEET_TASKS_MAX)
           : code         ? fail_memory(err)
                          : 0;
}

int fleet_plan_add(struct fleet_plan *plan, const struct fleet_nodes *nodes,
    const struct fleet_job *job, struct err *err)
{
    struct fleet_task row = {.job = job_number(plan, job->command),
        .limit_s = job->limit_s,
        .scheduler = strings_intern(plan->strings, job->scheduler),
        .program = strings_intern(plan->strings, job->program),
        .version = strings_intern(plan->strings, job->version),
        .command = strings_intern(plan->strings, job->command)};
    if (!row.scheduler || !row.program || !row.version || !row.command)
        return fail_memory(err);
    const int code = check_same(plan, job, err);
    return code ? code : add_nodes(plan, nodes, &row, err);
}
