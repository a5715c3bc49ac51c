/* SPDX-License-Identifier: MIT
 * Perf maps. Input: whoever runs the JIT may write anything there. */
#include "analysis/dwarf/code_names.h"

#include "base/grow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct code_name {
    uint64_t begin, end;
    char *name;
};

struct code_names {
    struct code_name *at; /* in the order of the file */
    size_t count;
};

static int add_line(struct code_names *names, char *line)
{
    struct code_name new;
    uint64_t size;
    int read = 0;
    line[strcspn(line, "\n")] = '\0';
    if (sscanf(line, "%" SCNx64 " %" SCNx64 " %n", &new.begin, &size, &read) != 2 || !line[read] ||
        __builtin_add_overflow(new.begin, size, &new.end))
        return 0;
    new.name = strdup(line + read);
    if (!new.name || GROW(names->at, names->count)) {
        free(new.name);
        return -1;
    }
    names->at[names->count++] = new;
    return 0;
}

struct code_names *code_names_read(FILE *perf_map)
{
    struct code_names *const names = calloc(1, sizeof *names);
    char *line = NULL;
    size_t room = 0;
    int failed = names ? 0 : -1;
    while (!failed && getline(&line, &room, perf_map) > 0)
        failed = add_line(names, line);
    free(line);
    if (!failed)
        return names;
    code_names_free(names);
    return NULL;
}

void code_names_free(struct code_names *names)
{
    for (size_t i = 0; names && i < names->count; i++)
        free(names->at[i].name);
    if (names)
        free(names->at);
    free(names);
}

/* Few addresses are asked for, of a file that may have a hundred thousand lines: it is not sorted.
 */
const char *code_names_find(const struct code_names *names, uint64_t address)
{
    for (size_t i = names ? names->count : 0; i > 0; i--)
        if (address >= names->at[i - 1].begin && address < names->at[i - 1].end)
            return names->at[i - 1].name;
    return NULL;
}
