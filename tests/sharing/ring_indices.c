/* SPDX-License-Identifier: MIT
 * A ring between one producer and one consumer, both ends' indices on one line; each side keeps a
 * copy of the other's index and looks again only when that says full or empty.
 * False mostly: each side stores its own index for every item. True as well, when it looks: that
 * stays in the fixed one and is not to be reported. Fix: the indices on lines of their own. The
 * slots are, in both. */
/* expect: false-sharing object=ring field=head field=tail */
#include "twin.h"

#include <stdatomic.h>
#include <time.h>

#define SLOTS 1024
#define ROUNDS 40 /* of private work for each item: about a tenth of a microsecond */
static struct {
    alignas(LINE) atomic_ulong head; /* the producer's */
    APART atomic_ulong tail;         /* the consumer's */
    struct {
        alignas(PAD) uint64_t item;
    } slot[SLOTS];
} ring;

static void pause_awhile(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
}

static void produce(unsigned long ops)
{
    unsigned long tail = 0;
    for (unsigned long head = 0; head < ops; head++) {
        while (head - tail == SLOTS) {
            tail = atomic_load_explicit(&ring.tail, memory_order_acquire); /* <- touched */
            if (head - tail == SLOTS) {
                pause_awhile();
            }
        }
        ring.slot[head % SLOTS].item = twin_mix(head, ROUNDS);
        atomic_store_explicit(&ring.head, head + 1, memory_order_release); /* <- hot */
    }
}

static uint64_t consume(unsigned long ops)
{
    uint64_t sum = 0;
    unsigned long head = 0;
    for (unsigned long tail = 0; tail < ops; tail++) {
        while (head == tail) {
            head = atomic_load_explicit(&ring.head, memory_order_acquire); /* <- touched */
            if (head == tail) {
                pause_awhile();
            }
        }
        sum += twin_mix(ring.slot[tail % SLOTS].item, ROUNDS);
        atomic_store_explicit(&ring.tail, tail + 1, memory_order_release); /* <- hot */
    }
    return sum;
}

static void work(unsigned me, void *arg)
{
    if (me == 0) {
        produce(twin.ops);
    } else {
        *(uint64_t *)arg = consume(twin.ops);
    }
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sum = 0;
    twin_amount(argc, argv, 4000000);
    WRITES(0, ring.head);
    WRITES(1, ring.tail);
    twin_run(THREADS, work, &sum);
    printf("%llx\n", (unsigned long long)sum);
    return 0;
}
