/* SPDX-License-Identifier: MIT
 * Roles by their reason. */
#include "cli/events/event_reasons.h"

#include "base/text.h"
#include "cli/cmd.h"

#include <string.h>

const char *event_name(const struct counters_role *role)
{
    return role->role >= EVENT_RAW1 && role->role < EVENT_HARDWARE ? role->line.formula
                                                                   : event_roles[role->role].name;
}

static bool lacks_for(const struct counters_role *role, const char *why)
{
    return !role->counted && strcmp(role->why.text, why) == 0;
}

static bool is_reported(const struct counters *c, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (lacks_for(&c->role[i], c->role[index].why.text))
            return true;
    return false;
}

/* The names of the roles with this reason, from `index` on. */
static void append_names(const struct counters *c, size_t index, char *out, size_t size)
{
    *out = '\0';
    for (size_t i = index; i < c->roles; i++)
        if (lacks_for(&c->role[i], c->role[index].why.text))
            text_append_item(out, size, ", ", "%s", event_name(&c->role[i]));
}

void event_reasons_print(const struct counters *c, FILE *out)
{
    for (size_t i = 0; i < c->roles; i++) {
        char text[400];
        if (c->role[i].counted || is_reported(c, i))
            continue;
        append_names(c, i, text, sizeof text);
        cmd_warn(out, "%s: %s.", text, c->role[i].why.text);
    }
}
