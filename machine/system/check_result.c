/* SPDX-License-Identifier: MIT
 * Filling a finding. */
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

void check_set(struct check_result *finding, enum check_level level, const char *meaning)
{
    finding->level = level;
    snprintf(finding->meaning, sizeof finding->meaning, "%s", meaning);
}

void check_is_found(struct check_result *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->found, sizeof finding->found, format, arguments);
    va_end(arguments);
}

void check_command(struct check_result *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->command, sizeof finding->command, format, arguments);
    va_end(arguments);
}
