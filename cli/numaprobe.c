/* SPDX-License-Identifier: MIT
 * Which subcommand: the first word, or `run` when there is none. */
#include "base/debug.h"
#include "base/version.h"
#include "cli/cc/cc.h"
#include "cli/cmd.h"
#include "cli/command_hint.h"
#include "cli/rust/rust_compiler.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct cmd *find_command(const char *name)
{
    for (size_t i = 0; i < cmd_count; i++)
        if (strcmp(cmd_table[i]->name, name) == 0)
            return cmd_table[i];
    return NULL;
}

static int fail_unknown(const char *word)
{
    char hint[256];
    struct err err;
    command_hint(word, hint, sizeof hint);
    err_set(&err, -ENOENT, "there is no command '%s'%s; 'numaprobe --help' lists them", word, hint);
    return cmd_fail(&err, EXIT_USAGE);
}

static int print_help(void)
{
    printf("Usage: numaprobe [COMMAND] [OPTION...]\n"
           "Measures what the layout of shared data costs on this machine.\n\nCommands:\n");
    for (size_t i = 0; i < cmd_count; i++)
        printf("  %-10s %s\n", cmd_table[i]->name, cmd_table[i]->summary);
    printf("\nOptions:\n"
           "  -h, -?, --help     Print this help and exit\n"
           "  -V, --version      Print the version and exit\n"
           "\nWithout a command, 'run' is meant: numaprobe --align 8,64 --cpus 0,1\n"
           "'numaprobe help COMMAND' or 'numaprobe COMMAND --help' lists its options.\n"
           "\nExit codes: 0 done, 1 found or a gate failed, 2 wrong usage, 3 undecided,\n"
           "4 a file is missing, broken or cannot be written, 77 cannot run here.\n");
    return cmd_done(EXIT_DONE);
}

/* numaprobe help COMMAND */
static int print_help_of(const char *word)
{
    const struct cmd *const cmd = find_command(word);
    if (!cmd)
        return fail_unknown(word);
    char name[64];
    snprintf(name, sizeof name, "numaprobe %s", cmd->name);
    if (cmd->options)
        options_print_help(cmd->options, name, stdout);
    else
        cmd->print_help(stdout);
    return cmd_done(EXIT_DONE);
}

static int print_version(void)
{
    printf("numaprobe %s\n", numaprobe_version);
    return cmd_done(EXIT_DONE);
}

static int run_command(const struct cmd *cmd, int argc, char **argv)
{
    char name[64];
    snprintf(name, sizeof name, "numaprobe %s", cmd->name);
    char *first = argv[0];
    argv[0] = name;
    const int status = cmd->run(argc, argv);
    argv[0] = first;
    return status;
}

static void drop_signal(int number)
{
    (void)number;
}

/* A reader that has seen enough (| head) ends us by an error that we report, not by a signal.
 * SIG_IGN would do so too, but an exec resets handlers only, and the programs that we start would
 * inherit it. One that was inherited stays as it is, and is passed on. */
static void survive_closed_pipes(void)
{
    struct sigaction now;
    const struct sigaction survive = {.sa_handler = drop_signal, .sa_flags = SA_RESTART};
    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
        sigaction(SIGPIPE, &survive, NULL);
}

static void start_debug(void)
{
    struct err err;
    if (debug_init(getenv("NUMAPROBE_DEBUG"), &err))
        cmd_fail(&err, 0);
}

int numaprobe(int argc, char **argv)
{
    survive_closed_pipes();
    start_debug();
    const char *word = argc > 1 ? argv[1] : "";
    const struct cc_language *language = cc_by_name(argv[0]);
    if (language)
        return cc_run(language, argc, argv);
    const struct rust_program *rust = rust_program_by_name(argv[0]);
    if (rust)
        return rust_compiler_run(rust, argc, argv);
    if (strcmp(word, "help") == 0 && argc > 2)
        return print_help_of(argv[2]);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "-?") == 0 ||
        strcmp(word, "help") == 0)
        return print_help();
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return print_version();
    if (*word == '\0' || *word == '-')
        return run_command(find_command("run"), argc, argv);
    const struct cmd *cmd = find_command(word);
    return cmd ? run_command(cmd, argc - 1, argv + 1) : fail_unknown(word);
}
