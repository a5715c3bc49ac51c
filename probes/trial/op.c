/* SPDX-License-Identifier: MIT
 * Finding ops in the registry. */
#include "probes/trial/op.h"

#include <string.h>

const struct op *op_find(const char *name)
{
    const char *flavour = arch_flavour();
    for (size_t i = 0; i < op_count; i++)
        if (strcmp(op_table[i]->name, name) == 0 && strcmp(op_table[i]->flavour, flavour) == 0)
            return op_table[i];
    return NULL;
}

const struct op_loops *op_role(const struct op *op, unsigned role)
{
    if (role == 0)
        return op->first;
    return op->second ? op->second : op_find("load")->first;
}
