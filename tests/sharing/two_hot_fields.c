/* SPDX-License-Identifier: MIT
 * One connection, two hot fields: the reader's thread counts what came, the writer's what went,
 * with cold fields all around.
 * False: each field is one thread's. Fix: move the fields apart. Exactly one line apart here, as a
 * suggestion for this machine would say: with lines of 128 bytes they still share one. */
/* expect: false-sharing object=connection field=received field=sent */
/* fixed: latent-128 */
#include "twin.h"

static struct {
    alignas(PAD) int fd;
    unsigned events;
    unsigned long received;
#ifdef FIXED
    char name[PAD - LINE];
#endif
    unsigned long sent;
#ifndef FIXED
    char name[PAD - LINE];
#endif
} connection;

static void work(unsigned me, void *arg)
{
    uint64_t *sums = (uint64_t *)arg, x = me;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        x = twin_mix(x, 2);
        if (me == 0) {
            connection.received += x >> 63; /* <- hot */
        } else {
            connection.sent += x >> 63; /* <- hot */
        }
        twin_settle();
    }
    sums[me * PAD / sizeof(*sums)] = x;
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sums[THREADS * PAD / sizeof(uint64_t)];
    twin_amount(argc, argv, 60000000);
    WRITES(0, connection.received);
    WRITES(1, connection.sent);
    twin_run(THREADS, work, sums);
    printf("%lu %lu\n", connection.received, connection.sent);
    printf(
        "%llx %llx\n", (unsigned long long)sums[0], (unsigned long long)sums[PAD / sizeof(*sums)]);
    return 0;
}
