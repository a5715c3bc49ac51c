/* SPDX-License-Identifier: MIT
 * The head of the script: what differs from plan to plan, each word in a shell's quotes. */
#include "analysis/fleet/script.h"

#include "analysis/fleet/seen.h"
#include "analysis/fleet/words.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

bool fleet_has_controls(const char *text)
{
    while (*text && !iscntrl((unsigned char)*text))
        text++;
    return *text;
}

static bool is_slurm(const struct fleet_plan *plan)
{
    return strcmp(plan->task->scheduler, "slurm") == 0;
}

static int64_t longest_s(const struct fleet_script *s)
{
    int64_t most = 0;
    for (size_t i = 0; i < s->plan->count; i++)
        if (s->chosen[i] && s->plan->task[i].limit_s > most)
            most = s->plan->task[i].limit_s;
    return most;
}

/* Each partition once; a job that names several runs in that of its node. */
static int print_partitions(const struct fleet_script *s, FILE *out)
{
    struct fleet_seen *seen = NULL;
    size_t count = 0;
    int code = 0;
    for (size_t i = 0; i < s->plan->count && !code; i++) {
        const char *const name = s->plan->task[i].partition;
        if (!s->chosen[i] || !*name || fleet_seen_find(seen, name) != FLEET_UNSEEN)
            continue;
        fprintf(out, "%s%s", count++ ? "," : "#SBATCH --partition=", name);
        code = fleet_seen_add(&seen, name, i);
    }
    if (count)
        fputc('\n', out);
    fleet_seen_free(&seen);
    return code;
}

/* The command has its limit from timeout(1); Slurm's comes later, in case that fails. It counts in
 * minutes. */
static int print_directives(const struct fleet_script *s, FILE *out)
{
    enum { LATER_S = 90 };
    fprintf(out,
        "#SBATCH --job-name=numaprobe\n"
        "#SBATCH --nodes=1\n"
        "#SBATCH --ntasks=1\n"
        "#SBATCH --exclusive\n"
        "#SBATCH --mem=0\n"
        "#SBATCH --no-requeue\n"
        "#SBATCH --time=%" PRId64 "\n"
        "#SBATCH --output=log/%%A_%%a\n",
        (longest_s(s) + LATER_S + 59) / 60);
    return print_partitions(s, out);
}

static void print_word(const char *name, const char *word, FILE *out)
{
    fprintf(out, "%s=", name);
    text_put_word(word, out);
    fputc('\n', out);
}

/* The rows of the CSV go to standard output. */
static int print_job(const struct fleet_task *task, FILE *out)
{
    struct fleet_words words;
    const int code = fleet_words_split(task->command, &words);
    if (code)
        return code;
    fprintf(out, "job_limit_s[%" PRId64 "]=%" PRId64 " job_program[%" PRId64 "]=", task->job,
        task->limit_s, task->job);
    text_put_word(task->program, out);
    fprintf(out, "\nwords_%" PRId64 "=(", task->job);
    for (size_t i = 0; i < words.count; i++) {
        fputs(i ? " " : "", out);
        text_put_word(words.word[i], out);
        fputs(i ? "" : " --csv=-", out);
    }
    fputs(")\n", out);
    fleet_words_fini(&words);
    return 0;
}

static int print_jobs(const struct fleet_script *s, FILE *out)
{
    const int64_t jobs = fleet_plan_jobs(s->plan);
    int code = 0;
    for (int64_t job = 1; job <= jobs && !code; job++) {
        const struct fleet_task *const task = fleet_plan_job(s->plan, job);
        code = task ? print_job(task, out) : 0;
    }
    return code;
}

static void print_tasks(const struct fleet_script *s, FILE *out)
{
    fputs("# The tasks that this script runs, and all of the plan.\ntasks=(", out);
    size_t count = 0;
    for (size_t i = 0; i < s->plan->count; i++)
        if (s->chosen[i])
            fprintf(out, "%s%" PRId64,
                count++ == 0      ? ""
                : count % 20 == 1 ? "\n    "
                                  : " ",
                s->plan->task[i].task);
    fputs(")\n", out);
    for (size_t i = 0; i < s->plan->count; i++) {
        const struct fleet_task *const task = &s->plan->task[i];
        fprintf(out, "task_node[%" PRId64 "]=", task->task);
        text_put_word(task->node, out);
        fprintf(out, " task_job[%" PRId64 "]=%" PRId64 "\n", task->task, task->job);
    }
}

static void print_list(const char *name, const char *const *word, size_t count, FILE *out)
{
    fprintf(out, "%s=(", name);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? " " : "", out);
        text_put_word(word[i], out);
    }
    fputs(")\n", out);
}

/* No question is asked, and a node that is not reached is known soon. */
static void print_ssh(const struct fleet_script *s, FILE *out)
{
    const char *word[16] = {"-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o",
        "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"};
    size_t count = 9;
    if (s->ssh_config) {
        word[count++] = "-F";
        word[count++] = s->ssh_config;
    }
    print_list("ssh_options", word, count, out);
    fprintf(out, "at_once=%" PRIu64 "\n", s->at_once);
}

int fleet_script_print(const struct fleet_script *s, FILE *out, struct err *err)
{
    const bool slurm = is_slurm(s->plan);
    char version[80];
    int code = 0;
    fprintf(out, "#!/bin/bash\n"
                 "# Written by 'numaprobe fleet run'. It starts the tasks of plan.csv that are not "
                 "done: bash run.sh\n");
    if (slurm)
        code = print_directives(s, out);
    fputs("set -u\n", out);
    print_word("folder", s->folder, out);
    snprintf(version, sizeof version, "numaprobe %s", s->plan->task->version);
    print_word("version", version, out);
    if (slurm)
        print_list("sbatch_options", s->sbatch, s->sbatches, out);
    else
        print_ssh(s, out);
    if (!code)
        code = print_jobs(s, out);
    print_tasks(s, out);
    fputs(fleet_task_text, out);
    fputs(slurm ? fleet_slurm_text : fleet_ssh_text, out);
    return code ? err_set(err, code, "out of memory for the script") : 0;
}
