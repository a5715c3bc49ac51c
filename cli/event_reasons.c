/* SPDX-License-Identifier: MIT
 * Roles by their reason. */
#include "cli/event_reasons.h"

#include <string.h>

const char *event_name(const struct counters_role *role)
{
    return role->role >= EVENT_RAW1 && role->role < EVENT_HARDWARE ? role->line.formula
                                                                   : event_roles[role->role].name;
}

static bool lacks(const struct counters_role *role, const char *why)
{
    return !role->counted && strcmp(role->why.text, why) == 0;
}

static bool is_told(const struct counters *c, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (lacks(&c->role[i], c->role[index].why.text))
            return true;
    return false;
}

void event_reasons_put(const struct counters *c, FILE *out)
{
    for (size_t i = 0; i < c->roles; i++) {
        const char *const why = c->role[i].why.text;
        if (c->role[i].counted || is_told(c, i))
            continue;
        fprintf(out, "\n%s", event_name(&c->role[i]));
        for (size_t k = i + 1; k < c->roles; k++)
            if (lacks(&c->role[k], why))
                fprintf(out, ", %s", event_name(&c->role[k]));
        fprintf(out, ":\n  %s\n", why);
    }
}
