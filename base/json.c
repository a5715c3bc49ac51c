/* SPDX-License-Identifier: MIT
 * Values that may be missing, as JSON. */
#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>

json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_count(uint64_t value)
{
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

json_t *json_index(int64_t value, int64_t none)
{
    return value == none ? json_null() : json_integer(value);
}

json_t *json_text(const char *text)
{
    if (!text || !*text)
        return json_null();
    json_t *const string = json_string(text);
    return string ? string : json_string("(not UTF-8)");
}

json_t *json_address(uint64_t address)
{
    char text[2 + 16 + 1];
    snprintf(text, sizeof text, "%#" PRIx64, address);
    return address ? json_string(text) : json_null();
}

json_t *json_join(json_t *object, json_t *more)
{
    const int code = object && more ? json_object_update(object, more) : -1;
    json_decref(more);
    if (code == 0)
        return object;
    json_decref(object);
    return NULL;
}

int json_print(json_t *root, FILE *out)
{
    const int failed = !root || json_dumpf(root, out, JSON_INDENT(2)) || fputc('\n', out) == EOF;
    json_decref(root);
    return failed ? -EIO : 0;
}

int json_refuse(const char *name, const json_error_t *why, struct err *err)
{
    return err_set(err, -EINVAL, "%s:%d: %s: the file is broken or cut off; write it anew", name,
        why->line, why->text);
}
