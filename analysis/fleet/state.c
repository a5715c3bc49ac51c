/* SPDX-License-Identifier: MIT
 * Facts of a task, the surest first. */
#include "analysis/fleet/state.h"

#include "base/number.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

const char *const fleet_state_name[FLEET_STATES] = {[FLEET_DONE] = "done",
    [FLEET_RUNNING] = "running",
    [FLEET_WAITING] = "waiting",
    [FLEET_FAILED] = "failed",
    [FLEET_MISSING] = "missing"};

/* States of squeue(1). Where there are others, the task has ended. */
static const struct {
    const char *name;
    enum fleet_state state;
    const char *why; /* of one that has ended */
} slurm_states[] = {
    {"PENDING", FLEET_WAITING, NULL},
    {"REQUEUED", FLEET_WAITING, NULL},
    {"REQUEUE_HOLD", FLEET_WAITING, NULL},
    {"RESV_DEL_HOLD", FLEET_WAITING, NULL},
    {"CONFIGURING", FLEET_RUNNING, NULL},
    {"RUNNING", FLEET_RUNNING, NULL},
    {"COMPLETING", FLEET_RUNNING, NULL},
    {"SIGNALING", FLEET_RUNNING, NULL},
    {"STAGE_OUT", FLEET_RUNNING, NULL},
    {"STOPPED", FLEET_RUNNING, NULL},
    {"SUSPENDED", FLEET_RUNNING, NULL},
    {"NODE_FAIL", FLEET_FAILED, "node failed"},
    {"BOOT_FAIL", FLEET_FAILED, "node failed: it did not boot"},
    {"TIMEOUT", FLEET_FAILED, "timed out"},
    {"DEADLINE", FLEET_FAILED, "timed out: the job's deadline"},
    {"CANCELLED", FLEET_FAILED, "cancelled"},
    {"PREEMPTED", FLEET_FAILED, "preempted by another job"},
    {"OUT_OF_MEMORY", FLEET_FAILED, "out of memory"},
};
enum { SLURM_STATES = sizeof slurm_states / sizeof *slurm_states, UNKNOWN = SLURM_STATES };

static size_t find_state(const char *name)
{
    size_t i = 0;
    while (i < SLURM_STATES && strcmp(slurm_states[i].name, name) != 0)
        i++;
    return i;
}

/* A full disk has many voices: strerror(ENOSPC) and strerror(EDQUOT) are in all of them. */
static bool is_full(const char *text)
{
    return strstr(text, "No space left on device") || strstr(text, "Disk quota exceeded");
}

enum { DIED = 126, ABSENT = 127, ENDED = 124, KILLED = 137, TERMINATED = 143, UNREACHED = 255 };

static void explain_exit(const struct fleet_facts *f, char *why, size_t size)
{
    const char *const line = *f->last_line ? f->last_line : "it printed nothing";
    if (f->exit == ENDED || f->exit == KILLED)
        snprintf(why, size, "timed out after %" PRId64 " s, or was killed", f->limit_s);
    else if (f->exit == TERMINATED)
        snprintf(why, size, "cancelled, or out of Slurm's time");
    else if (is_full(f->last_line))
        snprintf(why, size, "disk full: %s", line);
    else if (f->exit == UNREACHED && f->over_ssh)
        snprintf(why, size, "node failed or not reached: %s", line);
    else if (strstr(f->last_line, " answered, the plan is of "))
        snprintf(why, size, "another version: %s", line);
    else
        snprintf(why, size, "exit %d: %s", f->exit, line);
}

static enum fleet_state judge_ended(
    const struct fleet_facts *f, size_t state, char *why, size_t size)
{
    const bool known = state != UNKNOWN;
    if (f->exit >= 0)
        explain_exit(f, why, size);
    else if (f->exit == FLEET_EXIT_EMPTY)
        snprintf(why, size, "disk full: its exit code could not be written");
    else if (known)
        snprintf(why, size, "%s", slurm_states[state].why);
    else if (f->exit == FLEET_EXIT_RUNNING)
        snprintf(why, size, "%s",
            f->over_ssh ? "interrupted: its 'fleet run' ended before it"
                        : "node failed, or it was killed there: it began and left no exit code");
    else if (*f->scheduled)
        snprintf(
            why, size, "it left no exit code; Slurm's state of it is %s, see log/", f->scheduled);
    else
        snprintf(why, size, "not started; 'numaprobe fleet run' does that");
    return f->exit == FLEET_EXIT_NONE && !*f->scheduled ? FLEET_MISSING : FLEET_FAILED;
}

enum fleet_state fleet_state_judge(const struct fleet_facts *f, char *why, size_t size)
{
    const size_t state = find_state(f->scheduled);
    *why = '\0';
    if (f->has_result && !f->fault)
        return FLEET_DONE;
    if (state != UNKNOWN && slurm_states[state].state != FLEET_FAILED) {
        if (slurm_states[state].state == FLEET_WAITING)
            snprintf(why, size, "in the queue: %s", f->reason);
        return slurm_states[state].state;
    }
    if (f->is_held && f->exit == FLEET_EXIT_RUNNING)
        return FLEET_RUNNING;
    if (f->has_result) {
        snprintf(why, size, "%s", f->fault);
        return FLEET_FAILED;
    }
    return judge_ended(f, state, why, size);
}

int fleet_exit_read(const char *text)
{
    uint64_t code;
    const char *const end = number_u64(text, &code);
    if (end && isspace((unsigned char)*end) && code <= UNREACHED)
        return (int)code;
    return strncmp(text, "running", 7) == 0 ? FLEET_EXIT_RUNNING : FLEET_EXIT_EMPTY;
}

static const char *read_array(const char *text, char between, struct fleet_queued *queued)
{
    const char *const middle = number_i64(text, &queued->job);
    if (!middle || *middle != between)
        return NULL;
    const char *const end = number_i64(middle + 1, &queued->index);
    return end && *end == '|' ? end + 1 : NULL;
}

bool fleet_squeue_line(const char *line, struct fleet_queued *queued)
{
    const char *const at = read_array(line, '|', queued);
    if (!at)
        return false;
    *queued->reason = '\0';
    return sscanf(at, "%31[A-Z_]|%63[^\n]", queued->state, queued->reason) >= 1;
}

/* "CANCELLED by 0" is the state with who did it. */
bool fleet_sacct_line(const char *line, struct fleet_queued *queued)
{
    const char *const at = read_array(line, '_', queued);
    *queued->reason = '\0';
    return at && sscanf(at, "%31[A-Z_]", queued->state) == 1;
}
