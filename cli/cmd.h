/* SPDX-License-Identifier: MIT
 * A subcommand: one file cmd_<name>.c below cli/ that ends in `const struct cmd cmd_<name>`. The
 * Makefile gathers them, sorted by name. Only cli/ prints errors and chooses exit codes. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "base/err.h"
#include "base/table.h"
#include "cli/options.h"

enum {
    EXIT_DONE = 0,
    EXIT_FOUND = 1, /* what was asked for was found, or a gate failed */
    EXIT_USAGE = 2,
    EXIT_UNKNOWN = 3, /* this machine, or what was measured on it, cannot decide it */
    EXIT_FILE = 4,    /* a file is missing, broken or cannot be written */
    EXIT_CANNOT = 77, /* cannot run here: a cpu, a node, memory, gnuplot is missing */
};

struct cmd {
    const char *name, *summary;
    /* argv[0] is "numaprobe NAME", for messages. Returns the exit code; never calls exit(). */
    int (*run)(int argc, char **argv);
    const struct options *options; /* NULL: the words are another program's */
    void (*print_help)(FILE *out); /* where there are no options */
};
extern const struct cmd *const cmd_table[];
extern const size_t cmd_count;

/* Prints "numaprobe: TEXT" on stderr and returns `status`. */
int cmd_fail(const struct err *err, int status);
/* The same for a program that could not be started; returns what env(1) and nice(1) do: 127 not
 * found, 126 found but not executable. */
int cmd_fail_start(const struct err *err);
/* How a table should look on `out`: colour and width only where it is a terminal, NO_COLOR
 * honoured. */
struct table_look cmd_look(FILE *out);
/* Prints a table as text and frees it. 0 or -errno. */
int cmd_print_table(struct table *table, FILE *out);
/* A sentence and a line end; wrapped where `out` is a terminal. */
void cmd_warn(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The exit code of a request that was refused: wrong usage, a file of the user's that is broken, or
 * what this machine does not have. */
int cmd_status(int code);
/* Flushes stdout; EXIT_FILE with a message when what was printed could not be written (a full
 * disk). */
int cmd_done(int status);

/* The whole program; main() and the fuzzer call it. */
int numaprobe(int argc, char **argv);

#endif
