/* SPDX-License-Identifier: MIT
 * A thread-local control block whose address is given to another thread, which counts its visits
 * in it.
 * False: the owner never looks at the visits. Fix: the visits on lines of their own. */
/* expect: false-sharing object=block kind=tls field=served field=visits */
#include "twin.h"

#include <stdatomic.h>

struct block {
    ON_LINE unsigned long served; /* the owner's */
    APART unsigned long visits;   /* the visitor's */
};
static _Thread_local struct block block;
static struct {
    alignas(PAD) struct block *block;
    unsigned long served;
    unsigned long visits;
    pthread_barrier_t known, done;
} shown;

static void own(unsigned long ops)
{
    shown.block = &block;
    WRITES(0, block.served);
    WRITES(1, block.visits);
    pthread_barrier_wait(&shown.known);
    for (unsigned long i = 0; i < ops; i++) {
        block.served++; /* <- hot */
        twin_settle();
    }
    pthread_barrier_wait(&shown.done);
    shown.served = block.served;
    shown.visits = block.visits;
}

static void visit(unsigned long ops)
{
    pthread_barrier_wait(&shown.known);
    struct block *theirs = shown.block;
    for (unsigned long i = 0; i < ops; i++) {
        theirs->visits++; /* <- hot */
        twin_settle();
    }
    pthread_barrier_wait(&shown.done);
}

static void work(unsigned me, void *arg)
{
    (void)arg;
    me == 0 ? own(twin.ops) : visit(twin.ops);
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 150000000);
    pthread_barrier_init(&shown.known, NULL, THREADS);
    pthread_barrier_init(&shown.done, NULL, THREADS);
    twin_run(THREADS, work, NULL);
    printf("%lu %lu\n", shown.served, shown.visits);
    return 0;
}
