/* SPDX-License-Identifier: MIT
 * Bit-fields side by side, written by different threads. Within one storage unit that would be a
 * data race and true sharing: a bit-field's memory location is all adjacent bit-fields (C11 3.14).
 * The width 0 begins a new one.
 * False: each thread has its own storage unit. Fix: the second on lines of its own. */
/* expect: false-sharing object=state field=open field=busy field=reads field=writes */
#include "twin.h"

struct state {
    APART unsigned id;
    unsigned open : 1;
    unsigned reads : 31;
    unsigned : 0;
#ifdef FIXED
    char apart[PAD];
#endif
    unsigned busy : 1;
    unsigned writes : 31;
};
ON_LINE static struct state state;

#ifdef FIXED
#define UNIT (sizeof(unsigned) + PAD) /* where the second storage unit begins */
#else
#define UNIT sizeof(unsigned)
#endif

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        if (me == 0) {
            state.open ^= 1; /* <- hot */
            twin_settle();
            state.reads++; /* <- hot */
        } else {
            state.busy ^= 1; /* <- hot */
            twin_settle();
            state.writes++; /* <- hot */
        }
        twin_settle();
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 20000000);
    twin_hot(0, 'w', &state.id + 1, sizeof(unsigned));
    twin_hot(1, 'w', (char *)(&state.id + 1) + UNIT, sizeof(unsigned));
    twin_run(THREADS, work, NULL);
    printf("%u %u %u %u\n", state.open, state.reads, state.busy, state.writes);
    return 0;
}
