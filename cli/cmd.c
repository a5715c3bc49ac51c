/* SPDX-License-Identifier: MIT
 * What all subcommands share: parsing that never exits, errors, the look of output. */
#include "cli/cmd.h"

#include "base/outfile.h"
#include "cli/usage.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int cmd_fail(const struct err *err, int status)
{
    fflush(stdout);
    fprintf(stderr, "numaprobe: %s\n", err->text);
    return status;
}

/* argp would exit after --help, and print errors in two lines; this parser stands around the
 * command's own and only remembers. */
struct around {
    void *input;
    unsigned help; /* what to print */
};
enum { KEY_USAGE = 0x1000 };

static error_t parse_around(int key, char *arg, struct argp_state *state)
{
    (void)arg;
    struct around *around = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = around->input;
        return 0;
    }
    if (key != 'h' && key != '?' && key != KEY_USAGE)
        return ARGP_ERR_UNKNOWN;
    around->help = key == KEY_USAGE ? ARGP_HELP_USAGE : ARGP_HELP_STD_HELP;
    /* Not by moving state->next to the end: within "-hj", getopt would step beyond it. */
    return ECANCELED;
}

int cmd_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    static const struct argp_option options[] = {
        {"help", 'h', NULL, 0, "Give this help list", -1},
        {NULL, '?', NULL, OPTION_ALIAS, NULL, -1},
        {"usage", KEY_USAGE, NULL, 0, "Give a short usage message", -1},
        {0},
    };
    /* The outer one tells what the command is; from inside as well, the text would stand twice. */
    struct argp inner = *argp;
    inner.doc = inner.args_doc = NULL;
    const struct argp_child children[] = {{.argp = &inner}, {0}};
    const struct argp outer = {
        options, parse_around, argp->args_doc, argp->doc, children, NULL, NULL};
    struct around around = {.input = input};
    struct err err;
    int rest = argc;
    const error_t failed =
        argp_parse(&outer, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_IN_ORDER, &rest, &around);
    if (around.help) {
        argp_help(&outer, stdout, around.help, argv[0]);
        return cmd_done(EXIT_DONE);
    }
    if (failed)
        usage_explain_option(
            (const struct argp_option *const[]){options, argp->options, NULL}, argc, argv, &err);
    else if (rest < argc)
        usage_explain_argument(argv[0], argv[rest], &err);
    else
        return -1;
    return cmd_fail(&err, EXIT_USAGE);
}

static unsigned width_of(FILE *out)
{
    struct winsize size;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

struct table_look cmd_look(FILE *out)
{
    if (!isatty(fileno(out)))
        return (struct table_look){0};
    /* https://no-color.org: any value but the empty one */
    const char *no_colour = getenv("NO_COLOR");
    return (struct table_look){.colour = !no_colour || !*no_colour, .width = width_of(out)};
}

void cmd_warn(FILE *out, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    struct table *t = table_new();
    table_column(t, "", TABLE_LEFT);
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", text);
    table_text(t, out, cmd_look(out));
    table_free(t);
}

int cmd_done(int status)
{
    const int code = outfile_flush(stdout);
    if (code == 0 || code == -EPIPE)
        return status; /* EPIPE: whoever read has left, nothing to tell */
    struct err err;
    err_set(&err, code, "cannot write to stdout: %s", strerror(-code));
    return cmd_fail(&err, EXIT_FAILED);
}
