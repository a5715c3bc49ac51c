/* SPDX-License-Identifier: MIT
 * A table that main fills and all threads then read.
 * None: while it is shared nobody writes it, so every core keeps its copy of the line. */
/* expect: none */
#include "twin.h"

#define ENTRIES 64
ON_LINE static uint32_t table[ENTRIES];

static void work(unsigned me, void *arg)
{
    uint64_t *sums = (uint64_t *)arg, sum = me;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        sum += table[(sum ^ i) % ENTRIES];
        twin_settle();
    }
    sums[me * PAD / sizeof(*sums)] = sum;
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sums[THREADS * PAD / sizeof(uint64_t)];
    twin_amount(argc, argv, 60000000);
    for (unsigned i = 0; i < ENTRIES; i++) {
        table[i] = i * i;
        READS(0, table[i]);
        READS(1, table[i]);
    }
    twin_run(THREADS, work, sums);
    printf(
        "%llx %llx\n", (unsigned long long)sums[0], (unsigned long long)sums[PAD / sizeof(*sums)]);
    return 0;
}
