/* SPDX-License-Identifier: MIT
 * numaprobe fleet plan: nodes, a command, and plan.csv. */
#include "analysis/fleet/script.h"
#include "analysis/fleet/words.h"
#include "base/version.h"
#include "cli/cmd.h"
#include "cli/fleet/fleet_args.h"
#include "cli/fleet/fleet_folder.h"
#include "cli/fleet/fleet_job.h"
#include "cli/fleet/fleet_tool.h"
#include "cli/input_file.h"
#include "cli/output_files.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct planning {
    const struct fleet_args *args;
    struct fleet_folder folder;
    struct fleet_nodes nodes;
    struct fleet_words_checked checked;
    char *command, program[PATH_MAX];
};

static void planning_close(struct planning *p)
{
    fleet_folder_close(&p->folder);
    fleet_nodes_fini(&p->nodes);
    free(p->command);
}

/* Each reader of nodes returns 0, or the exit code with err. */
static int read_hosts(struct planning *p, struct err *err)
{
    const char *const path = p->args->hosts;
    FILE *const in = input_open(path);
    if (!in) {
        err_set(err, -errno, "--hosts: '%s': %s", path, strerror(errno));
        return EXIT_FILE;
    }
    const int code = fleet_nodes_read_hosts(in, input_name(path), &p->nodes, err);
    fclose(in);
    return code ? EXIT_FILE : 0;
}

static int read_slurm(struct planning *p, struct err *err)
{
    struct err why;
    const char *const partition = p->args->partition;
    const char *const argv[] = {"sinfo", "--Node", "--noheader", "--exact", FLEET_SINFO_OPTION,
        partition ? "--partition" : NULL, partition, NULL};
    FILE *const in = fleet_tool_read(argv, &why);
    if (!in) {
        err_set(
            err, -ENODEV, "no nodes from Slurm: %s; name hosts by --hosts FILE for ssh", why.text);
        return EXIT_CANNOT;
    }
    const int code = fleet_nodes_read_sinfo(in, &p->nodes, err);
    fclose(in);
    return code ? EXIT_CANNOT : 0;
}

/* Those that are away are planned once they are back and `plan` is called again. */
static void leave_out_away(struct fleet_nodes *nodes)
{
    size_t kept = 0;
    for (size_t i = 0; i < nodes->count; i++) {
        if (nodes->node[i].is_away)
            fprintf(stderr, "%s%s",
                kept == i ? "Left out, since Slurm can start nothing there: " : ", ",
                nodes->node[i].name);
        else
            nodes->node[kept++] = nodes->node[i];
    }
    if (kept < nodes->count)
        fputc('\n', stderr);
    nodes->count = kept;
}

static int read_nodes(struct planning *p, struct err *err)
{
    if (p->args->hosts && p->args->partition) {
        err_set(err, -EINVAL, "--partition: is of Slurm, --hosts is for ssh; leave one out");
        return EXIT_USAGE;
    }
    const int status = p->args->hosts ? read_hosts(p, err) : read_slurm(p, err);
    if (status)
        return status;
    if (p->args->one_per_kind && fleet_nodes_one_per_kind(&p->nodes, err))
        return EXIT_USAGE;
    leave_out_away(&p->nodes);
    if (p->nodes.count)
        return 0;
    err_set(err, -ENODATA, "no node is left to plan for");
    return EXIT_CANNOT;
}

static int check_words(struct planning *p, struct err *err)
{
    const int words = p->args->words - 1;
    char **const word = p->args->word + 1;
    if (words == 0)
        return err_set(err, -EINVAL,
            "fleet plan: no command; expected: numaprobe fleet plan "
            "--folder DIR -- COMMAND");
    for (int i = 0; i < words; i++)
        if (fleet_has_controls(word[i]))
            return err_set(err, -EINVAL,
                "fleet plan: '%s' has control characters, which a line "
                "of a script cannot have",
                word[i]);
    int code = fleet_job_check(words, word, &p->checked, err);
    if (code)
        return code;
    /* `run` may be left out on the command line, but not in the plan. */
    const bool named = *word[0] != '-';
    char **const all = calloc((size_t)words + 1, sizeof *all);
    if (all) {
        all[0] = (char *)p->checked.command;
        memcpy(all + 1, word + named, (size_t)(words - named) * sizeof *all);
        p->command = fleet_words_join(all, (size_t)(words - named) + 1);
    }
    free(all);
    return p->command ? 0 : err_set(err, -ENOMEM, "out of memory for the command");
}

/* Two commands whose rows have other columns cannot be collected into one CSV. */
static int check_joins(const struct planning *p, struct err *err)
{
    for (size_t i = 0; i < p->folder.plan.count; i++) {
        char name[64];
        const char *const text = p->folder.plan.task[i].command;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(text, " "), text);
        if (!fleet_job_joins(name, p->checked.command))
            return err_set(err, -EINVAL,
                "fleet plan: this folder is for '%s', whose CSV has other columns than that of "
                "'%s'; use another folder",
                name, p->checked.command);
    }
    return 0;
}

static int choose_program(struct planning *p, struct err *err)
{
    const char *const program = p->args->program;
    if (program && (!*program || fleet_has_controls(program)))
        return err_set(err, -EINVAL, "--program: '%s' is not a path", program);
    if (program || p->args->hosts) {
        snprintf(p->program, sizeof p->program, "%s", program ? program : "numaprobe");
        return 0;
    }
    const ssize_t length = readlink("/proc/self/exe", p->program, sizeof p->program - 1);
    if (length <= 0 || fleet_has_controls(p->program))
        return err_set(err, -EINVAL, "--program: is missing, and this program's path is not known");
    return 0;
}

static int write_plan(const struct planning *p, struct err *err)
{
    char path[PATH_MAX];
    struct outfile file = {0};
    fleet_folder_file(&p->folder, "plan.csv", path);
    if (outfile_open("--folder", path, &file, err))
        return EXIT_FILE;
    struct table *const table = fleet_plan_table(&p->folder.plan);
    const int code = table_csv(table, file.stream);
    table_free(table);
    if (code == -ENOMEM) {
        outfile_discard(&file);
        err_set(err, code, "out of memory for the plan");
        return EXIT_CANNOT;
    }
    return outfile_commit(&file, err) ? EXIT_FILE : 0;
}

static int64_t limit_s(const struct planning *p)
{
    return p->args->time_ns > 0 ? (int64_t)ceil(p->args->time_ns / 1e9) : p->checked.limit_s;
}

static int add_job(struct planning *p, struct err *err)
{
    const struct fleet_job job = {.scheduler = p->args->hosts ? "ssh" : "slurm",
        .program = p->program,
        .version = numaprobe_version,
        .command = p->command,
        .limit_s = limit_s(p)};
    const int code = fleet_plan_add(&p->folder.plan, &p->nodes, &job, err);
    return !code ? 0 : code == -ENOMEM ? EXIT_CANNOT : EXIT_USAGE;
}

static int make_plan(struct planning *p, struct err *err)
{
    if (check_words(p, err) || choose_program(p, err))
        return EXIT_USAGE;
    int status = read_nodes(p, err);
    if (!status)
        status = fleet_folder_open(p->args->folder, true, &p->folder, err);
    if (!status && check_joins(p, err))
        status = EXIT_USAGE;
    const size_t before = p->folder.plan.count;
    if (!status)
        status = add_job(p, err);
    if (!status)
        status = write_plan(p, err);
    if (!status)
        printf("%zu tasks of %zu nodes, %zu of them new; at most %" PRId64 " s each: %s/plan.csv\n",
            p->folder.plan.count, p->nodes.count, p->folder.plan.count - before, limit_s(p),
            p->args->folder);
    return status;
}

int fleet_plan(const struct fleet_args *args)
{
    struct err err;
    struct planning p = {.args = args};
    const int status = make_plan(&p, &err);
    planning_close(&p);
    return status ? cmd_fail(&err, status) : cmd_done(EXIT_DONE);
}
