/* SPDX-License-Identifier: MIT
 * numaprobe fleet run: the script of the tasks that are not done, and its start. */
#include "analysis/fleet/script.h"
#include "cli/cmd.h"
#include "cli/fleet/fleet_args.h"
#include "cli/fleet/fleet_states.h"
#include "cli/output_files.h"
#include "machine/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct running {
    const struct fleet_args *args;
    struct fleet_folder folder;
    struct fleet_states states;
    bool *chosen;
    size_t count; /* of the chosen */
    char script[PATH_MAX];
};

static void running_close(struct running *r)
{
    fleet_states_fini(&r->states);
    fleet_folder_close(&r->folder);
    free(r->chosen);
}

/* A task that waits or runs is not begun a second time. */
static void choose_tasks(struct running *r)
{
    for (size_t i = 0; i < r->folder.plan.count; i++) {
        const enum fleet_state state = r->states.task[i].state;
        r->chosen[i] = state == FLEET_FAILED || state == FLEET_MISSING;
        r->count += r->chosen[i];
    }
}

static int check_options(const struct running *r, struct err *err)
{
    const bool slurm = strcmp(r->folder.plan.task->scheduler, "slurm") == 0;
    const struct fleet_args *const a = r->args;
    for (size_t i = 0; i < a->sbatch.count; i++)
        if (fleet_has_controls(a->sbatch.word[i]))
            return err_set(
                err, -EINVAL, "--sbatch: '%s' has control characters", a->sbatch.word[i]);
    if (slurm && a->ssh_config)
        return err_set(err, -EINVAL, "--ssh-config: the plan is for Slurm; leave it out");
    if (!slurm && a->sbatch.count)
        return err_set(err, -EINVAL, "--sbatch: the plan is for ssh; leave it out");
    return a->ssh_config && fleet_has_controls(a->ssh_config)
               ? err_set(err, -EINVAL, "--ssh-config: '%s' has control characters", a->ssh_config)
               : 0;
}

static int print_script(const struct running *r, FILE *out, struct err *err)
{
    char config[PATH_MAX];
    const bool configured = r->args->ssh_config != NULL;
    if (configured && !realpath(r->args->ssh_config, config))
        return err_set(err, -errno, "--ssh-config: '%s': %s", r->args->ssh_config, strerror(errno));
    const struct fleet_script script = {.plan = &r->folder.plan,
        .chosen = r->chosen,
        .folder = r->folder.path,
        .sbatch = r->args->sbatch.word,
        .sbatches = r->args->sbatch.count,
        .ssh_config = configured ? config : NULL,
        .at_once = r->args->at_once};
    return fleet_script_print(&script, out, err);
}

/* 0, or the exit code with err. */
static int write_script(struct running *r, struct err *err)
{
    struct outfile file = {0};
    fleet_folder_file(&r->folder, "run.sh", r->script);
    int code = outfile_open("--folder", r->script, &file, err);
    if (!code)
        code = print_script(r, file.stream, err);
    if (!code)
        code = outfile_commit(&file, err);
    outfile_discard(&file);
    if (code)
        return code == -ENOMEM ? EXIT_CANNOT : EXIT_FILE;
    if (chmod(r->script, 0755) != 0) {
        err_set(err, -errno, "%s: %s", r->script, strerror(errno));
        return EXIT_FILE;
    }
    return r->args->dry_run && print_script(r, stdout, err) ? EXIT_CANNOT : 0;
}

/* The end of the script is that of `fleet run`; what the tasks ended with is in their folders. */
static int start_script(const struct running *r, struct err *err)
{
    struct command command;
    struct command_end end;
    char *const argv[] = {(char *)"bash", (char *)r->script, NULL};
    fflush(stdout);
    if (command_hold(argv, &command, err) || command_release(&command, "bash", err))
        return EXIT_CANNOT;
    command_wait(&command, &end);
    if (end.status == 0)
        return 0;
    err_set(err, -ECHILD, "fleet run: '%s' ended with exit code %d", r->script, end.status);
    return end.status > 128 || end.status == EXIT_CANNOT ? end.status : EXIT_FILE;
}

static int start_tasks(struct running *r, struct err *err)
{
    int status = fleet_folder_read(r->args->folder, &r->folder, err);
    if (status)
        return status;
    if (check_options(r, err))
        return EXIT_USAGE;
    r->chosen = calloc(r->folder.plan.count, sizeof *r->chosen);
    if (!r->chosen || fleet_states_read(&r->folder, &r->states, err)) {
        err_set(err, -ENOMEM, "out of memory for the tasks");
        return EXIT_CANNOT;
    }
    choose_tasks(r);
    if (r->count == 0) {
        printf("Nothing to start: %zu done, %zu running, %zu waiting.\n",
            r->states.count[FLEET_DONE], r->states.count[FLEET_RUNNING],
            r->states.count[FLEET_WAITING]);
        return 0;
    }
    status = write_script(r, err);
    return status || r->args->dry_run ? status : start_script(r, err);
}

/* Over ssh the tasks have ended now; in Slurm they are in the queue. */
static int report_end(const struct running *r)
{
    const bool slurm = strcmp(r->folder.plan.task->scheduler, "slurm") == 0;
    if (r->count == 0 || r->args->dry_run)
        return EXIT_DONE;
    if (!slurm)
        return fleet_status(r->args);
    printf("'numaprobe fleet status --folder %s' shows how far they are.\n", r->args->folder);
    return EXIT_DONE;
}

int fleet_run(const struct fleet_args *args)
{
    struct err err;
    struct running r = {.args = args};
    int status = start_tasks(&r, &err);
    status = status ? cmd_fail(&err, status) : report_end(&r);
    running_close(&r);
    return cmd_done(status);
}
