/* SPDX-License-Identifier: MIT
 * squeue and sacct, and which array is which tasks: the file `jobs` in the folder has a line "JOB
 * OFFSET" for each array, with which an index becomes the number of a task. */
#include "cli/fleet/fleet_queue.h"

#include "base/grow.h"
#include "base/number.h"
#include "cli/fleet/fleet_tool.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct array {
    int64_t job, offset;
};

struct asking {
    struct fleet_queue *queue;
    struct array *array; /* the newest last; grows by base/grow.h */
    size_t arrays;
};

static int read_arrays(const struct fleet_folder *folder, struct asking *a)
{
    char path[PATH_MAX];
    struct array array;
    int code = 0;
    fleet_folder_file(folder, "jobs", path);
    FILE *const in = fopen(path, "re");
    while (in && !code && fscanf(in, "%" SCNd64 " %" SCNd64, &array.job, &array.offset) == 2) {
        code = GROW(a->array, a->arrays);
        if (!code)
            a->array[a->arrays++] = array;
    }
    if (in)
        fclose(in);
    return code;
}

/* A later array is another attempt of the same task; both sources list all of them. */
static void add_queued(const struct asking *a, const struct fleet_queued *found)
{
    for (size_t i = 0; i < a->arrays; i++) {
        const int64_t task = a->array[i].offset + found->index;
        if (a->array[i].job != found->job || task < 1 || task >= (int64_t)a->queue->count)
            continue;
        struct fleet_queued *const known = &a->queue->by_task[task];
        if (found->job >= known->job)
            *known = *found;
    }
}

static void ask(const struct asking *a, const char *const argv[],
    bool (*read)(const char *line, struct fleet_queued *queued))
{
    struct err err;
    struct fleet_queued found;
    char *line = NULL;
    size_t room = 0;
    FILE *const in = fleet_tool_read(argv, &err);
    while (in && getline(&line, &room, in) >= 0)
        if (read(line, &found))
            add_queued(a, &found);
    free(line);
    if (in)
        fclose(in);
}

/* "--jobs=1,2,3" */
static char *list_jobs(const struct asking *a)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < a->arrays; i++)
        fprintf(out, "%s%" PRId64, i ? "," : "--jobs=", a->array[i].job);
    if (out)
        fclose(out);
    return text;
}

static int ask_both(const struct asking *a)
{
    char *const jobs = list_jobs(a);
    if (!jobs)
        return -ENOMEM;
    ask(a,
        (const char *const[]){"sacct", "--noheader", "--parsable2", "--allocations", "--array",
            FLEET_SACCT_OPTION, jobs, NULL},
        fleet_sacct_line);
    ask(a,
        (const char *const[]){
            "squeue", "--noheader", "--array", "--states=all", FLEET_SQUEUE_OPTION, jobs, NULL},
        fleet_squeue_line);
    free(jobs);
    return 0;
}

int fleet_queue_read(const struct fleet_folder *folder, struct fleet_queue *queue)
{
    struct asking a = {.queue = queue};
    size_t most = 0;
    for (size_t i = 0; i < folder->plan.count; i++)
        if ((size_t)folder->plan.task[i].task > most)
            most = (size_t)folder->plan.task[i].task;
    *queue = (struct fleet_queue){calloc(most + 1, sizeof *queue->by_task), most + 1};
    int code = queue->by_task ? read_arrays(folder, &a) : -ENOMEM;
    if (!code && a.arrays)
        code = ask_both(&a);
    free(a.array);
    return code;
}

const struct fleet_queued *fleet_queue_find(const struct fleet_queue *queue, int64_t task)
{
    static const struct fleet_queued unknown;
    return (size_t)task < queue->count ? &queue->by_task[task] : &unknown;
}

void fleet_queue_fini(struct fleet_queue *queue)
{
    free(queue->by_task);
    *queue = (struct fleet_queue){0};
}
