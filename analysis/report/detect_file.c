/* SPDX-License-Identifier: MIT
 * Reading what detect wrote. */
#include "analysis/report/detect_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

bool detect_file_is_json(FILE *in)
{
    int first;
    do
        first = getc(in);
    while (first == ' ' || first == '\t' || first == '\r' || first == '\n');
    if (fseek(in, 0, SEEK_SET) != 0)
        ungetc(first, in);
    return first == '{';
}

static int keep(json_t *root, struct detect_file *out)
{
    json_t **const file = reallocarray(out->file, out->files + 1, sizeof *file);
    if (!file)
        return -ENOMEM;
    file[out->files++] = root;
    out->file = file;
    return 0;
}

int detect_file_read(FILE *in, const char *name, struct detect_file *out, struct err *err)
{
    json_error_t why;
    json_t *const root = json_loadf(in, 0, &why);
    if (ferror(in))
        return err_set(err, -EIO, "%s: cannot be read", name);
    if (!root)
        return err_set(err, -EINVAL, "%s:%d: %s", name, why.line, why.text);
    int code = detect_schema_check(root, name, err);
    if (!code && keep(root, out))
        code = err_set(err, -ENOMEM, "%s: out of memory", name);
    if (code)
        json_decref(root);
    return code;
}

void detect_file_fini(struct detect_file *detected)
{
    for (size_t i = 0; i < detected->files; i++)
        json_decref(detected->file[i]);
    free(detected->file);
    *detected = (struct detect_file){0};
}

const char *detect_file_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

double detect_file_real(const json_t *object, const char *key)
{
    const json_t *const value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

int64_t detect_file_count(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}
