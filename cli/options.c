/* SPDX-License-Identifier: MIT
 * From words to values by getopt_long(3), with one line about what is wrong and the way out. */
#include "cli/options.h"

#include "base/args.h"
#include "base/version.h"
#include "cli/cmd.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <string.h>

enum { ROWS_MAX = 48, LONG = 0x100 /* a row's code for getopt_long is LONG + its index */ };

/* The command's rows, then the common ones. */
static const struct option_row *row_at(const struct options *options, size_t index)
{
    return index < options->rows ? &options->row[index] : &options_common[index - options->rows];
}

static bool is_optional(const struct option_row *row)
{
    return row->argument && *row->argument == '[';
}

static size_t count_rows(const struct options *options)
{
    return options->rows + OPTIONS_COMMON;
}

/* What getopt_long wants to know. */
struct grammar {
    struct option name[ROWS_MAX + 1];
    char letters[2 + 2 * ROWS_MAX + 1];
};

static void grammar_init(const struct options *options, struct grammar *grammar)
{
    *grammar = (struct grammar){0};
    char *letter = grammar->letters;
    struct option *name = grammar->name;
    assert(count_rows(options) <= ROWS_MAX);
    if (options->runs_command)
        *letter++ = '+'; /* stop at its first word */
    *letter++ = ':';     /* report a missing argument as such */
    for (size_t i = 0; i < count_rows(options); i++) {
        const struct option_row *const row = row_at(options, i);
        const int has = !row->argument     ? no_argument
                        : is_optional(row) ? optional_argument
                                           : required_argument;
        if (row->name)
            *name++ = (struct option){row->name + strlen("--"), has, NULL, LONG + (int)i};
        if (row->letter)
            *letter++ = row->letter;
        if (row->letter && row->argument && !is_optional(row))
            *letter++ = ':';
    }
}

static const struct option_row *find_row(const struct options *options, int code)
{
    if (code >= LONG)
        return row_at(options, (size_t)(code - LONG));
    for (size_t i = 0; i < count_rows(options); i++)
        if (row_at(options, i)->letter == code)
            return row_at(options, i);
    return NULL;
}

static int report_unknown(
    const struct options *options, const char *command, const char *word, struct err *err)
{
    const char *names[ROWS_MAX];
    char near[128], option[64];
    size_t count = 0;
    for (size_t i = 0; i < count_rows(options); i++)
        if (row_at(options, i)->name)
            names[count++] = row_at(options, i)->name;
    snprintf(option, sizeof option, "%.*s", (int)strcspn(word, "="), word);
    args_near(option, names, count, near, sizeof near);
    return err_set(err, -EINVAL, "there is no option '%s'%s%s; '%s --help' lists them", option,
        *near ? "; did you mean " : "", near, command);
}

/* Of getopt_long's two error codes: ':' is a missing argument, '?' any other error. `word` is the
 * last word read. */
static int report_refused(
    const struct options *options, int code, const char *command, const char *word, struct err *err)
{
    const struct option_row *const row = optopt ? find_row(options, optopt) : NULL;
    const char letter[] = {'-', (char)optopt, '\0'};
    if (code == ':' && row)
        return err_set(err, -EINVAL, "%s: needs a value, %s; '%s --help' describes it", row->name,
            row->argument, command);
    if (row)
        return err_set(err, -EINVAL, "%s: takes no value; leave '%s' out", row->name,
            word + strcspn(word, "="));
    return report_unknown(options, command, optopt ? letter : word, err);
}

static int read_presets(const struct options *options, void *args, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < options->rows && !code; i++) {
        const struct option_row *const row = &options->row[i];
        if (row->preset)
            code = row->parse(row, row->preset, (char *)args + row->offset, err);
    }
    return code;
}

/* An argument that may be left out is also the next word, unless that is an option. Only a command
 * without other words has such options, so that the word can be nothing else. */
static const char *argument_of(const struct option_row *row, int argc, char **argv)
{
    if (optarg || !is_optional(row) || optind >= argc ||
        (argv[optind][0] == '-' && argv[optind][1]))
        return optarg;
    return argv[optind++];
}

/* An option that getopt_long has found. */
static int read_option(
    const struct options *options, int code, int argc, char **argv, void *args, struct err *err)
{
    const struct option_row *const row = find_row(options, code);
    if (row >= options_common && row < options_common + OPTIONS_COMMON)
        return (int)row->least;
    return row->parse(row, argument_of(row, argc, argv), (char *)args + row->offset, err);
}

int options_read(
    const struct options *options, int *argc, char ***argv, void *args, struct err *err)
{
    struct grammar grammar;
    grammar_init(options, &grammar);
    int status = read_presets(options, args, err);
    opterr = 0;
    optind = 0; /* glibc: begin anew, also in the middle of a cluster of letters */
    while (!status) {
        const int code = getopt_long(*argc, *argv, grammar.letters, grammar.name, NULL);
        if (code == -1)
            break;
        if (code == '?' && optopt == '?') /* the letter that getopt_long does not know */
            return OPTIONS_HELP;
        status = code == '?' || code == ':'
                     ? report_refused(options, code, **argv, (*argv)[optind - 1], err)
                     : read_option(options, code, *argc, *argv, args, err);
    }
    if (status)
        return status;
    if (optind < *argc && !options->arguments)
        return err_set(err, -EINVAL,
            "unexpected argument '%s'; options begin with --, '%s --help' lists them",
            (*argv)[optind], **argv);
    *argc -= optind;
    *argv += optind;
    return 0;
}

int options_parse(const struct options *options, int *argc, char ***argv, void *args)
{
    struct err err;
    const char *const command = **argv;
    const int code = options_read(options, argc, argv, args, &err);
    if (code == 0)
        return -1;
    if (code < 0)
        return cmd_fail(&err, EXIT_USAGE);
    if (code == OPTIONS_HELP)
        options_print_help(options, command, stdout);
    else if (code == OPTIONS_USAGE)
        options_print_usage(options, command, stdout);
    else
        printf("numaprobe %s\n", numaprobe_version);
    return cmd_done(EXIT_DONE);
}
