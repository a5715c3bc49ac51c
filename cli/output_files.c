/* SPDX-License-Identifier: MIT
 * Opening what --csv and --json name. */
#include "cli/output_files.h"

#include <errno.h>
#include <string.h>

int output_files_open(const char *csv_path, const char *json_path, struct outfile *csv,
    struct outfile *json, struct err *err)
{
    if (csv_path && json_path && strcmp(csv_path, json_path) == 0)
        return err_set(
            err, -EINVAL, "--json: '%s' is written by --csv; name another file", json_path);
    const int code = csv_path ? outfile_open("--csv", csv_path, csv, err) : 0;
    return code || !json_path ? code : outfile_open("--json", json_path, json, err);
}
