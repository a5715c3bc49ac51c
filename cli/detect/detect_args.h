/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe detect`. */
#ifndef CLI_DETECT_DETECT_ARGS_H
#define CLI_DETECT_DETECT_ARGS_H

#include "cli/detect/detect_gate.h"
#include "cli/options.h"

/* What detect writes. */
enum { DETECT_JSON, DETECT_SARIF, DETECT_MARKDOWN, DETECT_OUTS };
/* The additional table. */
enum detect_by { BY_NOTHING, BY_FUNCTION, BY_TYPE };

struct detect_args {
    bool full, quiet;
    const char *record, *read, *suppressions, *plain;
    const char *out[DETECT_OUTS];
    unsigned percent; /* of the time that is to be seen; 0: --budget was not given */
    unsigned line_bytes;
    struct detect_gate fail_on;
    unsigned by;          /* enum detect_by */
    double price_time_ns; /* 0: --price-time was not given */
    char **command;       /* NULL with --read */
};
extern const struct options detect_options;

/* -1 to go on, else the exit code. Errors have been printed. */
int detect_args_parse(int argc, char **argv, struct detect_args *args);

#endif
