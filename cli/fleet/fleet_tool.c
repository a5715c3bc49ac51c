/* SPDX-License-Identifier: MIT
 * Output into files in memory. */
#include "cli/fleet/fleet_tool.h"

#include "base/text.h"
#include "machine/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static FILE *open_memory(void)
{
    const int fd = memfd_create("output", MFD_CLOEXEC);
    FILE *const file = fd < 0 ? NULL : fdopen(fd, "w+");
    if (!file && fd >= 0)
        close(fd);
    return file;
}

static void last_line(FILE *in, char *text, size_t size)
{
    char *line = NULL;
    size_t room = 0;
    snprintf(text, size, "it printed nothing");
    rewind(in);
    while (getline(&line, &room, in) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        if (*line)
            snprintf(text, size, "%s", line);
    }
    text_blank_controls(text);
    free(line);
}

static int run_tool(const char *const argv[], FILE *out, FILE *messages, struct err *err)
{
    struct program program;
    struct command_end end;
    char why[200];
    const struct program_setting how = {
        .argv = (char *const *)argv, .out = fileno(out), .err = fileno(messages)};
    const int code = program_start(&how, &program);
    if (code)
        return err_set(err, code, "cannot run '%s': %s", argv[0], strerror(-code));
    program_end(&program, &end);
    if (end.status == 0)
        return 0;
    last_line(messages, why, sizeof why);
    return err_set(err, -ECHILD, "'%s' ended with exit code %d: %s", argv[0], end.status, why);
}

FILE *fleet_tool_read(const char *const argv[], struct err *err)
{
    FILE *out = open_memory(), *const messages = open_memory();
    int code =
        out && messages ? 0 : err_set(err, -errno, "no memory for what '%s' prints", argv[0]);
    if (!code)
        code = run_tool(argv, out, messages, err);
    if (messages)
        fclose(messages);
    if (out && code) {
        fclose(out);
        out = NULL;
    }
    if (out)
        rewind(out);
    return out;
}
