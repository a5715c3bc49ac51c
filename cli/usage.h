/* SPDX-License-Identifier: MIT
 * What is wrong with a command line that argp refused, in one line with the way out. argp itself
 * says it in two lines and knows no near matches. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include "base/err.h"

#include <argp.h>

/* Looks for the first word that is none of the options in `tables` (each ends as argp's do; the
 * list ends with NULL), lacks its value or has one too many. argv[0] is "numaprobe NAME". */
void usage_explain_option(
    const struct argp_option *const *tables, int argc, char **argv, struct err *err);
void usage_explain_argument(const char *command, const char *word, struct err *err);

#endif
