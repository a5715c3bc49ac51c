/* SPDX-License-Identifier: MIT
 * The shortest text for a list of cpus. Greedy runs are not the shortest: of 0,2,3,4,5 they make
 * 0,2,3-5. So the best continuation of each place is found from the end. */
#include "base/cpuset.h"

#include <stdio.h>
#include <stdlib.h>

enum { ITEM_MAX = 36 }; /* ",4294967295-4294967295:4294967295" and its end */

struct step {
    size_t take;   /* how many cpus the item that begins here covers */
    size_t length; /* of the text from here on */
    size_t run;    /* cpus in the longest even ascending run from here */
};

static int item_print(char *out, const unsigned *cpu, size_t count)
{
    if (count == 1)
        return snprintf(out, ITEM_MAX, "%u", cpu[0]);
    const unsigned stride = cpu[1] - cpu[0];
    if (stride == 1)
        return snprintf(out, ITEM_MAX, "%u-%u", cpu[0], cpu[count - 1]);
    return snprintf(out, ITEM_MAX, "%u-%u:%u", cpu[0], cpu[count - 1], stride);
}

static size_t run_from(const unsigned *cpu, const struct step *step, size_t i, size_t count)
{
    if (i + 1 == count || cpu[i + 1] <= cpu[i])
        return 1;
    const size_t next = step[i + 1].run;
    return next > 1 && cpu[i + 2] - cpu[i + 1] == cpu[i + 1] - cpu[i] ? next + 1 : 2;
}

static void try_item(const unsigned *cpu, struct step *step, size_t i, size_t take)
{
    char item[ITEM_MAX];
    const size_t rest = step[i + take].length;
    const size_t length = (size_t)item_print(item, cpu + i, take) + (rest ? rest + 1 : 0);
    if (step[i].take == 0 || length < step[i].length) {
        step[i].take = take;
        step[i].length = length;
    }
}

/* A run is taken whole, or but for its last cpu, which may begin a better one, or not at all: cut
 * anywhere else, both halves would name the same run. */
static void plan_items(const unsigned *cpu, struct step *step, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        const size_t run = step[i].run = run_from(cpu, step, i, count);
        if (run > 1 && cpu[i + 1] - cpu[i] == 1)
            try_item(cpu, step, i,
                run); /* first, so that a draw reads 0-1 as Linux writes it, not 0,1 */
        try_item(cpu, step, i, 1);
        try_item(cpu, step, i, run);
        if (run > 2)
            try_item(cpu, step, i, run - 1);
    }
}

static char *write_items(const unsigned *cpu, const struct step *step, size_t count)
{
    char *text = malloc(step[0].length + ITEM_MAX), *at = text;
    if (!text)
        return NULL;
    *at = '\0';
    for (size_t i = 0; i < count; i += step[i].take) {
        if (i > 0)
            *at++ = ',';
        at += item_print(at, cpu + i, step[i].take);
    }
    return text;
}

char *cpuset_format(const unsigned *cpu, size_t count)
{
    struct step *step = calloc(count + 1, sizeof(*step));
    if (!step)
        return NULL;
    plan_items(cpu, step, count);
    char *text = write_items(cpu, step, count);
    free(step);
    return text;
}
