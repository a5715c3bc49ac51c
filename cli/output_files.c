/* SPDX-License-Identifier: MIT
 * Opening what --csv, --json and the like name. */
#include "cli/output_files.h"

#include <errno.h>
#include <string.h>

static int refuse_second(
    const struct output_file *first, const struct output_file *second, struct err *err)
{
    return err_set(err, -EINVAL, "%s: '%s' is written by %s; name another file", second->option,
        second->path, first->option);
}

/* Before the file at `index` is opened. */
static int check_path(const struct output_file *output, size_t index, struct err *err)
{
    for (size_t i = 0; i < index; i++)
        if (output[i].path && strcmp(output[i].path, output[index].path) == 0)
            return refuse_second(&output[i], &output[index], err);
    return 0;
}

/* Other names of standard output, such as /dev/stdout, are known once it is open. */
static int check_stdout(const struct output_file *output, size_t index, struct err *err)
{
    for (size_t i = 0; i < index && output[index].file->is_stdout; i++)
        if (output[i].file->is_stdout)
            return refuse_second(&output[i], &output[index], err);
    return 0;
}

int output_files_open_all(const struct output_file *output, size_t count, struct err *err)
{
    int code = 0;
    for (size_t i = 0; i < count && !code; i++)
        code = output[i].path ? check_path(output, i, err) : 0;
    for (size_t i = 0; i < count && !code; i++) {
        if (output[i].path)
            code = outfile_open(output[i].option, output[i].path, output[i].file, err);
        if (!code)
            code = check_stdout(output, i, err);
    }
    return code;
}

int output_files_open(const char *csv_path, const char *json_path, struct outfile *csv,
    struct outfile *json, struct err *err)
{
    const struct output_file outputs[] = {{"--csv", csv_path, csv}, {"--json", json_path, json}};
    return output_files_open_all(outputs, 2, err);
}

FILE *output_text(const struct outfile *a, const struct outfile *b)
{
    return a->is_stdout || b->is_stdout ? stderr : stdout;
}
