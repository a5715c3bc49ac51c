/* SPDX-License-Identifier: MIT
 * The facts of each task, and what follows from them. */
#include "cli/fleet/fleet_states.h"

#include "base/text.h"
#include "cli/fleet/fleet_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static bool is_slurm(const struct fleet_plan *plan)
{
    return strcmp(plan->task->scheduler, "slurm") == 0;
}

/* The script holds the lock of the folder as long as it and what it has started are at work. */
static bool is_held(const struct fleet_folder *folder)
{
    char path[PATH_MAX];
    fleet_folder_file(folder, "lock", path);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    return held;
}

/* Reads the end of a file, at most `size` - 1 bytes. False when there is no such file. */
static bool read_end(const char *path, char *text, size_t size)
{
    FILE *const in = fopen(path, "re");
    *text = '\0';
    if (!in)
        return false;
    if (fseek(in, -(long)(size - 1), SEEK_END) != 0)
        rewind(in);
    text[fread(text, 1, size - 1, in)] = '\0';
    fclose(in);
    return true;
}

/* Cuts `text` to its last line that is not empty, and returns that. */
static const char *cut_last_line(char *text)
{
    size_t length = strlen(text);
    while (length && strchr("\n\r ", text[length - 1]))
        text[--length] = '\0';
    const char *const end = strrchr(text, '\n');
    text_blank_controls(text + (end ? end + 1 - text : 0));
    return end ? end + 1 : text;
}

/* -ENOENT when there is no CSV. */
static int check_result(const struct fleet_folder *folder, const struct fleet_task *task,
    struct fleet_results *results, size_t *rows, struct err *err)
{
    char path[PATH_MAX];
    fleet_task_file(folder, task, "result.csv", path);
    FILE *const in = fopen(path, "re");
    if (!in)
        return errno == ENOENT ? -ENOENT : err_set(err, -errno, "%s: %s", path, strerror(errno));
    const int code = fleet_result_check(results, in, task->task, rows, err);
    fclose(in);
    return code;
}

struct looking {
    const struct fleet_folder *folder;
    struct fleet_states *states;
    struct fleet_queue queue;
    bool held;
};

static int look_at_task(const struct looking *l, size_t index, struct err *err)
{
    char path[PATH_MAX], exit[16], end[1024];
    struct fleet_task_state *const state = &l->states->task[index];
    const struct fleet_task *const task = &l->folder->plan.task[index];
    const struct fleet_queued *const queued = fleet_queue_find(&l->queue, task->task);
    const int code = check_result(l->folder, task, &l->states->results, &state->rows, err);
    if (code == -ENOMEM)
        return code;
    fleet_task_file(l->folder, task, "stderr", path);
    read_end(path, end, sizeof end);
    fleet_task_file(l->folder, task, "exit", path);
    const bool ended = read_end(path, exit, sizeof exit);
    const struct fleet_facts facts = {.has_result = code != -ENOENT,
        .fault = code ? err->text : NULL,
        .exit = ended ? fleet_exit_read(exit) : FLEET_EXIT_NONE,
        .last_line = cut_last_line(end),
        .scheduled = queued->state,
        .reason = queued->reason,
        .is_held = l->held,
        .over_ssh = !is_slurm(&l->folder->plan),
        .limit_s = task->limit_s};
    state->state = fleet_state_judge(&facts, state->why, sizeof state->why);
    l->states->count[state->state]++;
    return 0;
}

static int look_at_all(struct looking *l, struct err *err)
{
    const struct fleet_plan *const plan = &l->folder->plan;
    int code = 0;
    if (is_slurm(plan))
        code = fleet_queue_read(l->folder, &l->queue);
    else
        l->held = is_held(l->folder);
    for (size_t i = 0; i < plan->count && !code; i++)
        code = look_at_task(l, i, err);
    fleet_queue_fini(&l->queue);
    return code;
}

int fleet_states_read(
    const struct fleet_folder *folder, struct fleet_states *states, struct err *err)
{
    struct looking l = {.folder = folder, .states = states};
    *states = (struct fleet_states){.task = calloc(folder->plan.count, sizeof *states->task)};
    int code = states->task ? 0 : -ENOMEM;
    if (!code)
        code = fleet_results_init(&states->results, folder->plan.task->version);
    if (!code)
        code = look_at_all(&l, err);
    return code ? err_set(err, code, "out of memory for the states of the tasks") : 0;
}

void fleet_states_fini(struct fleet_states *states)
{
    free(states->task);
    fleet_results_fini(&states->results);
    *states = (struct fleet_states){0};
}
