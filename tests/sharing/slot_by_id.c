/* SPDX-License-Identifier: MIT
 * A static array in a function, indexed by the thread's number: it looks thread-local and is not.
 * False: each thread has its element. Fix: one element a line (or really _Thread_local). */
/* expect: false-sharing object=calls field=n */
#include "twin.h"

static NOINLINE unsigned long count_call(unsigned me)
{
    ON_LINE static struct {
        APART unsigned n;
    } calls[THREADS];
    if (twin.ops == 0) { /* no run, only the layout */
        WRITES(me, calls[me].n);
    }
    return ++calls[me].n; /* <- hot */
}

static void work(unsigned me, void *arg)
{
    unsigned long *last = (unsigned long *)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 1; i < ops; i++) {
        count_call(me);
        twin_settle();
    }
    last[me * PAD / sizeof(*last)] = count_call(me);
}

int main(int argc, char **argv)
{
    alignas(PAD) unsigned long last[THREADS * PAD / sizeof(unsigned long)];
    for (unsigned i = 0; i < THREADS; i++) {
        count_call(i);
    }
    twin_amount(argc, argv, 80000000);
    twin_run(THREADS, work, last);
    printf("%lu %lu\n", last[0], last[PAD / sizeof(*last)]);
    return 0;
}
