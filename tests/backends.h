/* SPDX-License-Identifier: MIT
 * Finding backends, for the tests of them. */
#ifndef TESTS_BACKENDS_H
#define TESTS_BACKENDS_H

#include "probes/counters/backend.h"
#include "tests/test.h"

#include <string.h>

static const struct backend_target here = {.pid = 0, .cpu = -1};

static inline const struct backend *find(const char *name)
{
    for (size_t i = 0; i < backend_count; i++)
        if (strcmp(backend_table[i]->name, name) == 0)
            return backend_table[i];
    fail_msg("no backend '%s'", name);
    return NULL;
}

#endif
