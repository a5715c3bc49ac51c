/* SPDX-License-Identifier: MIT
 * Text, CSV or JSON. */
#include "cli/table_format.h"

#include "cli/cmd.h"

#include <errno.h>

enum { JSON_SCHEMA = 1 };

int table_print_csv(struct table *table, FILE *out)
{
    const int code = table_csv(table, out);
    table_free(table);
    return code;
}

int table_print_json(struct table *table, const char *command, FILE *out)
{
    fprintf(out, "{\"schema\": %d, \"command\": \"%s\", \"rows\": ", JSON_SCHEMA, command);
    const int code = table_json(table, out);
    table_free(table);
    fputs("}\n", out);
    return code ? code : ferror(out) ? -EIO : 0;
}

static int write_file(
    struct outfile *file, int (*print)(void *context, FILE *out), void *context, struct err *err)
{
    if (!file->stream)
        return 0;
    if (print(context, file->stream) == -ENOMEM)
        return err_set(err, -ENOMEM, "%s: out of memory", file->option);
    return outfile_commit(file, err);
}

int table_write(const struct table_args *args, const struct table_output *o, int status)
{
    struct err err;
    struct outfile csv = {0}, json = {0};
    int code = output_files_open(args->csv, args->json, &csv, &json, &err);
    const int failure = code == -EINVAL ? EXIT_USAGE : EXIT_FILE;
    if (!code)
        code = write_file(&csv, o->csv, o->context, &err);
    if (!code)
        code = write_file(&json, o->json, o->context, &err);
    outfile_discard(&csv);
    outfile_discard(&json);
    if (code)
        return cmd_fail(&err, failure);
    if (!args->csv && !args->json && !args->quiet && o->text(o->context, stdout) == -ENOMEM) {
        err_set(&err, -ENOMEM, "out of memory for the table");
        return cmd_fail(&err, EXIT_CANNOT);
    }
    return cmd_done(status);
}
