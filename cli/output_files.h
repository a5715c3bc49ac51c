/* SPDX-License-Identifier: MIT
 * The files of --csv and --json. */
#ifndef CLI_OUTPUT_FILES_H
#define CLI_OUTPUT_FILES_H

#include "base/outfile.h"

/* Opens those named (NULL: not), before anything is measured, so that a path that cannot be written
 * costs no time. 0; -EINVAL with err when both are one file, or another -errno. */
int output_files_open(const char *csv_path, const char *json_path, struct outfile *csv,
    struct outfile *json, struct err *err);

/* Where the text goes that is not asked for by an option: standard output, unless one of the files
 * is that; then standard error. */
FILE *output_text(const struct outfile *a, const struct outfile *b);

#endif
