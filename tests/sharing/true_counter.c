/* SPDX-License-Identifier: MIT
 * One counter that both threads count in.
 * True: they write the same bytes, and padding wins nothing. The "fixed" one has it on lines of
 * its own. */
/* expect: true-sharing object=total */
#include "twin.h"

#include <stdatomic.h>

static struct {
    ON_LINE atomic_ulong count;
} total;

static void work(unsigned me, void *arg)
{
    (void)me;
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        atomic_fetch_add_explicit(&total.count, 1, memory_order_relaxed);
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 30000000);
    WRITES(0, total.count);
    WRITES(1, total.count);
    twin_run(THREADS, work, NULL);
    printf("%lu\n", atomic_load(&total.count));
    return 0;
}
