/* SPDX-License-Identifier: MIT
 * Finding walks in the registry. */
#include "probes/costs/walk.h"

#include <string.h>

const struct walk *walk_find(const char *name)
{
    const char *flavour = arch_flavour();
    for (size_t i = 0; i < walk_count; i++)
        if (strcmp(walk_table[i]->name, name) == 0 && strcmp(walk_table[i]->flavour, flavour) == 0)
            return walk_table[i];
    return NULL;
}
