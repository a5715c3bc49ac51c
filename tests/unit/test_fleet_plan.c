/* SPDX-License-Identifier: MIT
 * analysis/fleet/: the plan, written and read; words in quotes; and the script, which a shell reads
 * as it was meant. */
#include "tests/test.h"

#include "analysis/fleet/plan.h"
#include "analysis/fleet/script.h"
#include "analysis/fleet/words.h"
#include "machine/temporary.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct fleet_node three[] = {
    {"n1", "a, \"b\"", "main", false}, {"n2", "", "main", false}, {"n3", "", "rest", false}};
static const struct fleet_nodes nodes = {.node = three, .count = 3};

static struct fleet_job job_of(const char *command)
{
    return (struct fleet_job){.scheduler = "slurm",
        .program = "/opt/my tools/numaprobe",
        .version = "1.0",
        .command = command,
        .limit_s = 105};
}

static struct fleet_plan new_plan(void)
{
    struct fleet_plan plan;
    struct err err;
    const struct fleet_job job = job_of("run --align 8,64");
    assert_int_equal(fleet_plan_init(&plan, &err), 0);
    assert_int_equal(fleet_plan_add(&plan, &nodes, &job, &err), 0);
    return plan;
}

static char *written(const struct fleet_plan *plan)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    struct table *const table = fleet_plan_table(plan);
    assert_non_null(out);
    assert_int_equal(table_csv(table, out), 0);
    table_free(table);
    fclose(out);
    return text;
}

static int read_plan(const char *text, struct fleet_plan *plan, struct err *err)
{
    FILE *const in = fmemopen((char *)text, strlen(text), "r");
    assert_non_null(in);
    assert_int_equal(fleet_plan_init(plan, err), 0);
    const int code = fleet_plan_read(in, "plan.csv", plan, err);
    fclose(in);
    return code;
}

static void a_plan_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct fleet_plan plan = new_plan(), read;
    struct err err;
    char *const text = written(&plan);
    assert_int_equal(read_plan(text, &read, &err), 0);
    assert_int_equal(read.count, 3);
    assert_string_equal(read.task[0].kind, "a, \"b\"");
    assert_string_equal(read.task[2].partition, "rest");
    assert_int_equal(read.task[2].task, 3);
    assert_int_equal(read.task[2].limit_s, 105);
    char *const again = written(&read);
    assert_string_equal(again, text);
    free(again);
    free(text);
    fleet_plan_fini(&read);
    fleet_plan_fini(&plan);
}

static void the_same_command_adds_only_new_nodes(void **state)
{
    (void)state;
    struct fleet_node more[] = {{"n2", "", "main", false}, {"n9", "", "main", false}};
    const struct fleet_nodes others = {.node = more, .count = 2};
    struct fleet_plan plan = new_plan();
    struct err err;
    struct fleet_job job = job_of("run --align 8,64");
    job.limit_s = 200;
    assert_int_equal(fleet_plan_add(&plan, &others, &job, &err), 0);
    assert_int_equal(plan.count, 4);
    assert_string_equal(plan.task[3].node, "n9");
    assert_int_equal(plan.task[3].task, 4);
    assert_int_equal(plan.task[0].limit_s, 200);
    job = job_of("matrix");
    assert_int_equal(fleet_plan_add(&plan, &others, &job, &err), 0);
    assert_int_equal(plan.count, 6);
    assert_int_equal(plan.task[5].job, 2);
    assert_int_equal(plan.task[5].task, 6);
    fleet_plan_fini(&plan);
}

static void another_scheduler_or_version_is_another_folder(void **state)
{
    (void)state;
    struct fleet_plan plan = new_plan();
    struct err err;
    struct fleet_job job = job_of("matrix");
    job.scheduler = "ssh";
    assert_int_equal(fleet_plan_add(&plan, &nodes, &job, &err), -EINVAL);
    assert_string_equal(
        err.text, "the plan in this folder is for slurm, this one for ssh; plan in another folder");
    job = job_of("matrix");
    job.version = "2.0";
    assert_int_equal(fleet_plan_add(&plan, &nodes, &job, &err), -EINVAL);
    assert_string_equal(err.text,
        "the plan in this folder is of numaprobe 1.0, this is 2.0; plan in another folder");
    assert_int_equal(plan.count, 3);
    fleet_plan_fini(&plan);
}

#define HEADER                                                                                     \
    "fleet_schema,task,node,kind,partition,scheduler,job,limit_s,program,version,command\n"

static void an_edited_plan_that_is_wrong_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *message;
    } bad[] = {
        {"2,1,n1,,,slurm,1,9,p,1,run\n",
            "plan.csv:2: column 'fleet_schema': '2' is not a number from 1 to 1"},
        {"1,0,n1,,,slurm,1,9,p,1,run\n",
            "plan.csv:2: column 'task': '0' is not a number from 1 to 1000000"},
        {"1,1,a b,,,slurm,1,9,p,1,run\n", "plan.csv:2: the node is not a host's name"},
        {"1,1,n1,,\"a\n#SBATCH x\",slurm,1,9,p,1,run\n", "plan.csv:2: the partition is not a name"},
        {"1,1,n1,,,pbs,1,9,p,1,run\n", "plan.csv:2: the scheduler is neither slurm nor ssh"},
        {"1,1,n1,,,slurm,1,9,,1,run\n", "plan.csv:2: the program is empty"},
        {"1,1,n1,,,slurm,1,9,p,1,run;ls\n",
            "plan.csv:2: the command is not words as 'numaprobe fleet plan' writes them"},
        {"1,1,n1,,,slurm,1,9,p,1,\n",
            "plan.csv:2: the command is not words as 'numaprobe fleet plan' writes them"},
        {"1,1,n1,,,slurm,1,9,p,1,run\n1,1,n2,,,slurm,1,9,p,1,run\n",
            "plan.csv:3: task 1 is there twice"},
        {"1,1,n1,,,slurm,1,9,p,1,run\n1,2,n2,,,ssh,1,9,p,1,run\n",
            "plan.csv:3: the scheduler is not that of the row before"},
        {"1,1,n1,,,slurm,1,9,p,1,run\n1,2,n2,,,slurm,1,9,p,2,run\n",
            "plan.csv:3: the version is not that of the row before"},
        {"1,1,n1,,,slurm,1,9,p,1,run\n1,2,n2,,,slurm,1,9,p,1,maps\n",
            "plan.csv:3: limit, program or command is not that of its job in a row before"},
        {"", "plan.csv: there is no task in it"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[512];
        struct fleet_plan plan;
        struct err err;
        snprintf(text, sizeof text, HEADER "%s", bad[i].rows);
        assert_int_not_equal(read_plan(text, &plan, &err), 0);
        assert_string_equal(err.text, bad[i].message);
        fleet_plan_fini(&plan);
    }
    struct fleet_plan plan;
    struct err err;
    assert_int_equal(read_plan("a,b\n1,2\n", &plan, &err), -EINVAL);
    assert_string_equal(err.text,
        "plan.csv:1: column 'fleet_schema' is missing; is this a plan of 'numaprobe fleet'?");
    fleet_plan_fini(&plan);
}

static const char *const odd[] = {"run", "", "a b", "it's", "--layout", "./x'y z.c", "$HOME",
    "`ls`", "*", "~", "\"q\"", "\\", "a=b;c", "#x", "é"};
enum { ODD = sizeof odd / sizeof *odd };

static void words_are_read_as_they_were_joined(void **state)
{
    (void)state;
    struct fleet_words words;
    char *const text = fleet_words_join((char *const *)odd, ODD);
    assert_int_equal(fleet_words_split(text, &words), 0);
    assert_int_equal(words.count, ODD);
    for (size_t i = 0; i < ODD; i++)
        assert_string_equal(words.word[i], odd[i]);
    assert_null(words.word[ODD]);
    fleet_words_fini(&words);
    free(text);
}

static void what_a_shell_would_expand_is_not_words(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "a $b", "a `b`", "a;b", "a 'b", "a >b", "a\nb", "a \"b\"", "*", "a&"};
    struct fleet_words words;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(fleet_words_split(bad[i], &words), -EINVAL);
}

/* The head of a script, which the caller frees: what is the same in all follows it. */
static char *head_of(const struct fleet_script *script)
{
    char *text = NULL;
    size_t size = 0;
    struct err err;
    FILE *const out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(fleet_script_print(script, out, &err), 0);
    fclose(out);
    char *const common = strstr(text, "\n# ---- What follows");
    assert_non_null(common);
    *common = '\0';
    return text;
}

/* What bash prints of a script. */
static char *read_by_bash(const char *head, const char *then)
{
    char folder[PATH_MAX - 64], path[PATH_MAX], command[PATH_MAX + 16], *text = NULL;
    size_t size = 0;
    assert_int_equal(temporary_folder(folder, sizeof folder), 0);
    snprintf(path, sizeof path, "%s/head", folder);
    snprintf(command, sizeof command, "bash '%s' 2>&1", path);
    FILE *const out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "%s\n%s", head, then);
    fclose(out);
    FILE *const pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_true(getdelim(&text, &size, '\0', pipe) > 0);
    pclose(pipe);
    unlink(path);
    rmdir(folder);
    return text;
}

static void bash_reads_the_words_of_the_script_as_they_are(void **state)
{
    (void)state;
    struct fleet_plan plan;
    struct err err;
    char *const command = fleet_words_join((char *const *)odd, ODD);
    const struct fleet_job job = job_of(command);
    static const bool chosen[] = {true, false, true};
    static const char *const sbatch[] = {"--comment=it's $HOME", "--qos=x"};
    assert_int_equal(fleet_plan_init(&plan, &err), 0);
    assert_int_equal(fleet_plan_add(&plan, &nodes, &job, &err), 0);
    const struct fleet_script script = {.plan = &plan,
        .chosen = chosen,
        .folder = "/a b/it's $(x)",
        .sbatch = sbatch,
        .sbatches = 2,
        .at_once = 64};
    char *const head = head_of(&script);
    char *const text = read_by_bash(head,
        "printf '%s\\n' \"$folder\" \"$version\" \"${job_program[1]}\" \"${tasks[*]}\" "
        "\"${task_node[*]}\" \"${sbatch_options[@]}\" \"${words_1[@]}\"");
    assert_string_equal(text,
        "/a b/it's $(x)\nnumaprobe 1.0\n/opt/my tools/numaprobe\n1 3\nn1 n2 n3\n"
        "--comment=it's $HOME\n--qos=x\nrun\n--csv=-\n\na b\nit's\n--layout\n./x'y z.c\n$HOME\n"
        "`ls`\n*\n~\n\"q\"\n\\\na=b;c\n#x\né\n");
    free(text);
    free(head);
    free(command);
    fleet_plan_fini(&plan);
}

static void slurm_gets_one_exclusive_node_and_a_limit_in_minutes(void **state)
{
    (void)state;
    struct fleet_plan plan = new_plan();
    static const bool chosen[] = {true, true, true};
    const struct fleet_script script = {.plan = &plan, .chosen = chosen, .folder = "/f"};
    char *const text = head_of(&script);
    assert_true(strncmp(text, "#!/bin/bash\n", 12) == 0);
    static const char *const lines[] = {"\n#SBATCH --nodes=1\n", "\n#SBATCH --exclusive\n",
        "\n#SBATCH --no-requeue\n", "\n#SBATCH --partition=main,rest\n", "\n#SBATCH --time=4\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_non_null(strstr(text, lines[i]));
    free(text);
    fleet_plan_fini(&plan);
}
