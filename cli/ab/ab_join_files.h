/* SPDX-License-Identifier: MIT
 * `numaprobe ab --sessions`: from CSV files to a report. */
#ifndef CLI_AB_AB_JOIN_FILES_H
#define CLI_AB_AB_JOIN_FILES_H

#include "cli/ab/ab_args.h"

/* Reads the files that follow the options, reports, and returns the exit code. */
int ab_join_files(const struct ab_args *args);

#endif
