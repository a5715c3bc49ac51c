/* SPDX-License-Identifier: MIT
 * A counter beside a pointer that everyone reads: one thread counts, the other only follows the
 * pointer.
 * False: the reader never looks at the counter. Fix: the counter on lines of its own. */
/* expect: false-sharing object=server field=limits field=served */
/* price: yes */
#include "twin.h"

#include <stdatomic.h>

struct limits {
    alignas(PAD) unsigned long burst;
};
struct server {
    alignas(LINE) const struct limits *_Atomic limits;
    APART atomic_ulong served;
};
static const struct limits limits = {.burst = 3};
static struct server server;

static void serve(unsigned long ops)
{
    for (unsigned long i = 0; i < ops; i++) {
        atomic_fetch_add_explicit(&server.served, 1, memory_order_relaxed); /* <- hot */
    }
}

static unsigned long admit(unsigned long ops)
{
    unsigned long sum = 0;
    for (unsigned long i = 0; i < ops * 4; i++) {
        sum += atomic_load_explicit(&server.limits, memory_order_relaxed)->burst; /* <- hot */
    }
    return sum;
}

static void work(unsigned me, void *arg)
{
    if (me == 0) {
        serve(twin.ops);
    } else {
        *(unsigned long *)arg = admit(twin.ops);
    }
}

int main(int argc, char **argv)
{
    alignas(PAD) unsigned long sum = 0;
    twin_amount(argc, argv, 45000000);
    atomic_store(&server.limits, &limits);
    WRITES(0, server.served);
    READS(1, server.limits);
    twin_run(THREADS, work, &sum);
    printf("%lu %lu\n", atomic_load(&server.served), sum);
    return 0;
}
