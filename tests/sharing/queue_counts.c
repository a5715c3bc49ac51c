/* SPDX-License-Identifier: MIT
 * A queue between a producer and a consumer, its indices and slots on lines of their own; but what
 * each end counts for the statistics lies side by side. False: each end writes its own counts and
 * looks at no other. The indices and slots are truly shared, and not to be reported as more. Fix:
 * the counts of one end on lines of their own. */
/* expect: false-sharing object=counts field=pushed field=popped field=push_sum field=pop_sum */
#include "twin.h"

#include <stdatomic.h>

#define SLOTS 128
static struct {
    alignas(PAD) atomic_ulong head;
    alignas(PAD) atomic_ulong tail;
    struct {
        alignas(PAD) uint64_t item;
    } slot[SLOTS];
} queue;
static struct {
    ON_LINE unsigned long pushed;
    uint64_t push_sum;
    APART unsigned long popped;
    uint64_t pop_sum;
} counts;

static void produce(unsigned long ops)
{
    for (unsigned long head = 0; head < ops; head++) {
        while (head - atomic_load_explicit(&queue.tail, memory_order_acquire) == SLOTS) {
            sched_yield();
        }
        const uint64_t item = twin_mix(head, 2);
        queue.slot[head % SLOTS].item = item;
        atomic_store_explicit(&queue.head, head + 1, memory_order_release);
        counts.pushed++;         /* <- hot */
        counts.push_sum += item; /* <- hot */
        twin_settle();
    }
}

static void consume(unsigned long ops)
{
    for (unsigned long tail = 0; tail < ops; tail++) {
        while (atomic_load_explicit(&queue.head, memory_order_acquire) == tail) {
            sched_yield();
        }
        const uint64_t item = queue.slot[tail % SLOTS].item;
        atomic_store_explicit(&queue.tail, tail + 1, memory_order_release);
        counts.popped++;        /* <- hot */
        counts.pop_sum += item; /* <- hot */
        twin_settle();
    }
}

static void work(unsigned me, void *arg)
{
    (void)arg;
    me == 0 ? produce(twin.ops) : consume(twin.ops);
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 1500000);
    WRITES(0, counts.pushed);
    WRITES(0, counts.push_sum);
    WRITES(1, counts.popped);
    WRITES(1, counts.pop_sum);
    twin_run(THREADS, work, NULL);
    printf("%lu %lu ", counts.pushed, counts.popped);
    printf("%llx %llx\n", (unsigned long long)counts.push_sum, (unsigned long long)counts.pop_sum);
    return 0;
}
