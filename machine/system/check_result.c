/* SPDX-License-Identifier: MIT
 * Filling a finding. */
#include "machine/system/check_result.h"

#include <stdarg.h>
#include <stdio.h>

const char *finding_level_name(enum finding_level level)
{
    static const char *const names[] = {
        [FINDING_OK] = "ok",
        [FINDING_NOTE] = "note",
        [FINDING_LIMIT] = "limit",
        [FINDING_STOP] = "stop",
    };
    return names[level];
}

void finding_set(struct finding *finding, enum finding_level level, const char *meaning)
{
    finding->level = level;
    snprintf(finding->meaning, sizeof finding->meaning, "%s", meaning);
}

void finding_found(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->found, sizeof finding->found, format, arguments);
    va_end(arguments);
}

void finding_command(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->command, sizeof finding->command, format, arguments);
    va_end(arguments);
}
