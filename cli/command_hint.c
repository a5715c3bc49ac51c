/* SPDX-License-Identifier: MIT
 * Commands by near matches; a layout, an op, a protocol or a file by the option that takes it. */
#include "cli/command_hint.h"

#include "base/args.h"
#include "cli/cmd.h"
#include "layouts/layout.h"
#include "probes/matrix/protocol.h"
#include "probes/trial/op.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_MAX = 64 };

static bool is_layout(const char *text)
{
    for (size_t i = 0; i < layout_count; i++)
        if (strcmp(layout_table[i]->name, text) == 0)
            return true;
    return false;
}

static bool is_op(const char *text)
{
    return op_find(text) != NULL;
}

static bool is_protocol(const char *text)
{
    return protocol_find(text) != NULL;
}

static bool ends_in(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static bool is_source(const char *text)
{
    return ends_in(text, ".c");
}

static bool is_csv(const char *text)
{
    return ends_in(text, ".csv");
}

static const struct {
    bool (*is)(const char *text);
    const char *form; /* %s: the text */
} others[] = {
    {is_layout, "; did you mean 'numaprobe --layout %s'"},
    {is_op, "; did you mean 'numaprobe --op %s'"},
    {is_protocol, "; did you mean 'numaprobe matrix --protocol %s'"},
    {is_source, "; did you mean 'numaprobe --layout %s'"},
    {is_csv, "; did you mean 'numaprobe report %s --term'"},
};

void command_hint(const char *text, char *out, size_t size)
{
    const char *names[NAMES_MAX];
    char near[128];
    size_t count = 0;
    *out = '\0';
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].is(text)) {
            const char *const at = strstr(others[i].form, "%s");
            snprintf(
                out, size, "%.*s%s%s", (int)(at - others[i].form), others[i].form, text, at + 2);
            return;
        }
    for (; count < cmd_count && count < NAMES_MAX; count++)
        names[count] = cmd_table[count]->name;
    args_near(text, names, count, near, sizeof near);
    if (*near)
        snprintf(out, size, "; did you mean %s", near);
}
