/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe detect`. */
#ifndef CLI_DETECT_DETECT_ARGS_H
#define CLI_DETECT_DETECT_ARGS_H

#include <stdbool.h>

struct detect_args {
    bool full;
    const char *record, *read, *json, *suppressions, *plain, *fail_on;
    const char *budget, *lines, *price_time; /* as typed, NULL when not; read into these: */
    unsigned percent;                        /* of the time that is to be seen */
    unsigned line_bytes;
    double price_time_ns;
    char **command; /* NULL with --read */
};

/* -1 to go on, else the exit code. Errors have been printed. */
int detect_args_parse(int argc, char **argv, struct detect_args *args);

#endif
