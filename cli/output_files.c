/* SPDX-License-Identifier: MIT
 * Opening what --csv and --json name. */
#include "cli/output_files.h"

#include <errno.h>
#include <string.h>

int output_files_open(const char *csv_path, const char *json_path, struct outfile *csv,
    struct outfile *json, struct err *err)
{
    const bool both = csv_path && json_path;
    int code = 0;
    if (csv_path && !(both && strcmp(csv_path, json_path) == 0))
        code = outfile_open("--csv", csv_path, csv, err);
    if (!code && json_path && (csv->stream || !both))
        code = outfile_open("--json", json_path, json, err);
    if (!code && both && (!csv->stream || (csv->is_stdout && json->is_stdout)))
        return err_set(
            err, -EINVAL, "--json: '%s' is written by --csv; name another file", json_path);
    return code;
}

FILE *output_text(const struct outfile *a, const struct outfile *b)
{
    return a->is_stdout || b->is_stdout ? stderr : stdout;
}
