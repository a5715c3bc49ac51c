/* SPDX-License-Identifier: MIT
 * The plan as a CSV: one table of columns for the writer and the reader. */
#include "analysis/fleet/plan.h"

#include "analysis/fleet/seen.h"
#include "analysis/fleet/words.h"
#include "base/csv.h"
#include "base/grow.h"
#include "base/number.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct row {
    int64_t schema;
    struct fleet_task task;
};

static const struct column {
    const char *name;
    bool is_number;
    size_t offset; /* in struct row */
    int64_t most;  /* of a number, which is at least 1 */
} columns[] = {
    {"fleet_schema", true, offsetof(struct row, schema), FLEET_SCHEMA},
    {"task", true, offsetof(struct row, task.task), FLEET_TASKS_MAX},
    {"node", false, offsetof(struct row, task.node), 0},
    {"kind", false, offsetof(struct row, task.kind), 0},
    {"partition", false, offsetof(struct row, task.partition), 0},
    {"scheduler", false, offsetof(struct row, task.scheduler), 0},
    {"job", true, offsetof(struct row, task.job), FLEET_TASKS_MAX},
    {"limit_s", true, offsetof(struct row, task.limit_s), FLEET_LIMIT_MAX_S},
    {"program", false, offsetof(struct row, task.program), 0},
    {"version", false, offsetof(struct row, task.version), 0},
    {"command", false, offsetof(struct row, task.command), 0},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void add_cell(struct table *table, const struct row *row, const struct column *column)
{
    const void *const at = (const char *)row + column->offset;
    if (column->is_number)
        table_cell(table, PAINT_NONE, "%" PRId64, *(const int64_t *)at);
    else
        table_cell(table, PAINT_NONE, "%s", *(const char *const *)at);
}

struct table *fleet_plan_table(const struct fleet_plan *plan)
{
    struct table *const table = table_new();
    for (size_t i = 0; i < COLUMNS; i++)
        table_column(table, columns[i].name, TABLE_LEFT);
    for (size_t i = 0; i < plan->count; i++) {
        const struct row row = {FLEET_SCHEMA, plan->task[i]};
        table_row(table);
        for (size_t c = 0; c < COLUMNS; c++)
            add_cell(table, &row, &columns[c]);
    }
    return table;
}

struct reading {
    const char *name;
    struct fleet_plan *plan;
    struct fleet_seen *numbers; /* by the texts of the task column */
    bool begun;
    size_t field[COLUMNS]; /* of a record */
};

static int bind_header(struct reading *r, const struct csv_record *record, struct err *err)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        size_t i = 0;
        while (i < record->count && strcmp(record->text[i], columns[c].name) != 0)
            i++;
        if (i == record->count)
            return err_set(err, -EINVAL,
                "%s:%zu: column '%s' is missing; is this a plan of 'numaprobe fleet'?", r->name,
                record->line, columns[c].name);
        r->field[c] = i;
    }
    r->begun = true;
    return 0;
}

static int read_cell(
    struct reading *r, const struct column *column, const char *text, struct row *row)
{
    void *const at = (char *)row + column->offset;
    if (column->is_number) {
        const char *const end = number_i64(text, at);
        return end && !*end && *(int64_t *)at >= 1 && *(int64_t *)at <= column->most ? 0 : -EINVAL;
    }
    *(const char **)at = strings_intern(r->plan->strings, text);
    return *(const char **)at ? 0 : -ENOMEM;
}

/* A row goes into a script, and a plan may have been edited. */
static const char *find_fault(const struct reading *r, const struct fleet_task *task)
{
    struct fleet_words words = {0};
    const char *fault = NULL;
    const struct fleet_task *const first = r->plan->task;
    const struct fleet_task *const job = fleet_plan_job(r->plan, task->job);
    if (!fleet_is_host(task->node))
        fault = "the node is not a host's name";
    else if (*task->partition && !fleet_is_host(task->partition))
        fault = "the partition is not a name";
    else if (strcmp(task->scheduler, "slurm") != 0 && strcmp(task->scheduler, "ssh") != 0)
        fault = "the scheduler is neither slurm nor ssh";
    else if (r->plan->count && strcmp(task->scheduler, first->scheduler) != 0)
        fault = "the scheduler is not that of the row before";
    else if (r->plan->count && strcmp(task->version, first->version) != 0)
        fault = "the version is not that of the row before";
    else if (!*task->program)
        fault = "the program is empty";
    else if (job && (job->limit_s != task->limit_s || strcmp(job->program, task->program) != 0 ||
                        strcmp(job->command, task->command) != 0))
        fault = "limit, program or command is not that of its job in a row before";
    else if (fleet_words_split(task->command, &words) || words.count == 0)
        fault = "the command is not words as 'numaprobe fleet plan' writes them";
    fleet_words_fini(&words);
    return fault;
}

static int read_row(struct reading *r, const struct csv_record *record, struct err *err)
{
    struct row row = {0};
    for (size_t c = 0; c < COLUMNS; c++) {
        const char *const text = r->field[c] < record->count ? record->text[r->field[c]] : "";
        const int code = read_cell(r, &columns[c], text, &row);
        if (code == -EINVAL)
            return err_set(err, code,
                "%s:%zu: column '%s': '%.40s' is not a number from 1 to "
                "%" PRId64,
                r->name, record->line, columns[c].name, text, columns[c].most);
        if (code)
            return err_set(err, code, "%s: out of memory", r->name);
    }
    const char *const fault = find_fault(r, &row.task);
    if (fault)
        return err_set(err, -EINVAL, "%s:%zu: %s", r->name, record->line, fault);
    char number[32];
    snprintf(number, sizeof number, "%" PRId64, row.task.task);
    const char *const key = strings_intern(r->plan->strings, number);
    if (key && fleet_seen_find(r->numbers, key) != FLEET_UNSEEN)
        return err_set(err, -EINVAL, "%s:%zu: task %s is there twice", r->name, record->line, key);
    if (!key || GROW(r->plan->task, r->plan->count) ||
        fleet_seen_add(&r->numbers, key, r->plan->count))
        return err_set(err, -ENOMEM, "%s: out of memory", r->name);
    r->plan->task[r->plan->count++] = row.task;
    return 0;
}

static int read_record(void *context, const struct csv_record *record, struct err *err)
{
    struct reading *const r = context;
    return r->begun ? read_row(r, record, err) : bind_header(r, record, err);
}

int fleet_plan_read(FILE *in, const char *name, struct fleet_plan *plan, struct err *err)
{
    struct reading r = {.name = name, .plan = plan};
    const int code = csv_read(in, name, read_record, &r, err);
    fleet_seen_free(&r.numbers);
    return code || plan->count ? code : err_set(err, -ENODATA, "%s: there is no task in it", name);
}
