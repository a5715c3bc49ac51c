/* SPDX-License-Identifier: MIT
 * An array on main's stack, one element for each thread.
 * False: each thread has its element. Fix: each element on lines of its own. */
/* expect: false-sharing object=parts kind=stack field=lines field=words */
#include "twin.h"

struct part {
    APART unsigned long lines;
    unsigned long words;
};

static NOINLINE void count(struct part *part, uint64_t x)
{
    part->lines += x % 16 == 0; /* <- hot */
    part->words += x % 4 == 0;  /* <- hot */
}

static void work(unsigned me, void *arg)
{
    struct part *parts = (struct part *)arg;
    const unsigned long ops = twin.ops;
    uint64_t x = me;
    for (unsigned long i = 0; i < ops; i++) {
        x = twin_mix(x, 1);
        count(&parts[me], x >> 40);
    }
}

int main(int argc, char **argv)
{
    ON_LINE struct part parts[THREADS] = {{0}, {0}};
    twin_amount(argc, argv, 30000000);
    WRITES(0, parts[0]);
    WRITES(1, parts[1]);
    twin_run(THREADS, work, parts);
    printf("%lu %lu\n", parts[0].lines + parts[1].lines, parts[0].words + parts[1].words);
    return 0;
}
