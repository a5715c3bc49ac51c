/* SPDX-License-Identifier: MIT
 * The files of --csv, --json and the like. */
#ifndef CLI_OUTPUT_FILES_H
#define CLI_OUTPUT_FILES_H

#include "base/outfile.h"

#include <stddef.h>

struct output_file {
    const char *option, *path; /* the path is NULL where the option was not given */
    struct outfile *file;
};

/* Opens those named, before anything is measured, so that a path that cannot be written costs no
 * time. 0; -EINVAL with err when two are one file, or another -errno. */
int output_files_open_all(const struct output_file *output, size_t count, struct err *err);
/* The same for --csv and --json. */
int output_files_open(const char *csv_path, const char *json_path, struct outfile *csv,
    struct outfile *json, struct err *err);

/* Where the text goes that is not asked for by an option: standard output, unless one of the files
 * is that; then standard error. */
FILE *output_text(const struct outfile *a, const struct outfile *b);

#endif
