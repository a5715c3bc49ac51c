/* SPDX-License-Identifier: MIT
 * What all subcommands share: errors and the look of output. */
#include "cli/cmd.h"

#include "base/outfile.h"
#include "cli/plain_text.h"

#include <errno.h>
#include <stdarg.h>
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

int cmd_status(int code)
{
    static const struct {
        int code, status;
    } known[] = {
        {-EINVAL, EXIT_USAGE},
        {-ENOENT, EXIT_USAGE}, /* an unknown name */
        {-ENOEXEC, EXIT_FILE}, /* a layout file that is none */
        {-ECHILD, EXIT_FILE},  /* one that crashed */
        {-ENODATA, EXIT_FILE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].status;
    return EXIT_CANNOT;
}

int cmd_fail_start(const struct err *err)
{
    return cmd_fail(err, err->code == -ENOENT ? 127 : 126);
}

/* A stream of plain_text.c has no descriptor of its own. */
static int fd_of(FILE *out)
{
    return out == stdout ? STDOUT_FILENO : out == stderr ? STDERR_FILENO : fileno(out);
}

static unsigned width_of(FILE *out)
{
    struct winsize size;
    if (ioctl(fd_of(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

struct table_look cmd_look(FILE *out)
{
    if (!isatty(fd_of(out)))
        return (struct table_look){0};
    /* https://no-color.org: any value but the empty one */
    const char *no_colour = getenv("NO_COLOR");
    return (struct table_look){
        .colour = (!no_colour || !*no_colour) && !plain_text_is_dumb(), .width = width_of(out)};
}

int cmd_print_table(struct table *table, FILE *out)
{
    const int code = table_text(table, out, cmd_look(out));
    table_free(table);
    return code;
}

void cmd_warn(FILE *out, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    struct table *t = table_with("|");
    TABLE_ROW(t, text);
    cmd_print_table(t, out);
}

int cmd_done(int status)
{
    const int code = outfile_flush(stdout);
    if (code == 0 || code == -EPIPE)
        return status; /* EPIPE: the reader has closed the pipe, which is not an error */
    struct err err;
    err_set(&err, code, "cannot write to stdout: %s", strerror(-code));
    return cmd_fail(&err, EXIT_FILE);
}
