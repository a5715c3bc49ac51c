/* SPDX-License-Identifier: MIT
 * The command that a fleet runs: its words, checked before any node sees them, and how long it may
 * take. */
#ifndef CLI_FLEET_FLEET_JOB_H
#define CLI_FLEET_FLEET_JOB_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct fleet_words_checked {
    const char *command; /* its name */
    int64_t limit_s;     /* within which it ends */
};

/* Checks the words, as `run`, `--align`, `8,64`; `run` may be left out. -EINVAL with err for an
 * unknown command or option, a command that writes no CSV or runs a program of the user's, and
 * options that fleet has to choose. */
int fleet_job_check(int words, char **word, struct fleet_words_checked *checked, struct err *err);
/* May the rows of two commands be in one CSV? */
bool fleet_job_joins(const char *command, const char *other);

#endif
