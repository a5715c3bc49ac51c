/* SPDX-License-Identifier: MIT
 * Filling in a check's result. */
#include "machine/system/check_result.h"

#include <stdarg.h>
#include <stdio.h>

const char *check_level_name(enum check_level level)
{
    static const char *const names[] = {
        [CHECK_OK] = "ok",
        [CHECK_NOTE] = "note",
        [CHECK_LIMIT] = "limit",
        [CHECK_STOP] = "stop",
    };
    return names[level];
}

void check_set(struct check_result *result, enum check_level level, const char *meaning)
{
    result->level = level;
    snprintf(result->meaning, sizeof result->meaning, "%s", meaning);
}

void check_is_found(struct check_result *result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->found, sizeof result->found, format, arguments);
    va_end(arguments);
}

void check_command(struct check_result *result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->command, sizeof result->command, format, arguments);
    va_end(arguments);
}
