/* SPDX-License-Identifier: MIT
 * A subcommand: one file cmd_<name>.c below cli/ that ends in `const struct cmd cmd_<name>`. The
 * Makefile gathers them, sorted by name. Only cli/ prints errors and chooses exit codes. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "base/err.h"
#include "base/table.h"

#include <argp.h>
#include <stddef.h>
#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CANNOT = 77 };

struct cmd {
    const char *name, *summary;
    /* argv[0] is "numaprobe NAME", for argp's messages. Returns the exit code; never calls exit().
     */
    int (*run)(int argc, char **argv);
};
extern const struct cmd *const cmd_table[];
extern const size_t cmd_count;

/* Prints "numaprobe: TEXT" on stderr and returns `status`. */
int cmd_fail(const struct err *err, int status);
/* argp_parse that never exits. -1: go on; else the exit code to return at once: EXIT_DONE after
 * --help or
 * --usage, EXIT_USAGE after an error, which has been printed in one line: an unknown option, or an
 * argument that the command's parser does not take. (argp_error() prints nothing here.) */
int cmd_parse(const struct argp *argp, int argc, char **argv, void *input);
/* How a table should look on `out`: colour and width only where it is a terminal, NO_COLOR
 * honoured. */
struct table_look cmd_look(FILE *out);
/* A sentence and a line end; wrapped where `out` is a terminal. */
void cmd_warn(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Flushes stdout; EXIT_FAILED with a message when what was printed could not be written (a full
 * disk). */
int cmd_done(int status);

/* The whole program; main() and the fuzzer call it. */
int numaprobe(int argc, char **argv);

#endif
