/* SPDX-License-Identifier: MIT
 * A queue with a std::mutex for each end, side by side; the ends meet only where the queue is
 * nearly empty, which it never is here.
 * False: each thread takes its own end's lock. Fix: each end on lines of its own. */
/* expect: false-sharing object=queue field=head_lock field=tail_lock field=heads field=tails */
#include "twin.h"

#include <mutex>

namespace
{
struct Queue {
    ON_LINE std::mutex head_lock;
    uint64_t heads = 0;
    APART uint64_t tails = 0;
    std::mutex tail_lock; /* its lock word is at byte 56 */
};
Queue queue;

NOINLINE void put(uint64_t x)
{
    queue.head_lock.lock();   /* <- hot */
    queue.heads += x;         /* <- hot */
    queue.head_lock.unlock(); /* <- hot */
}

NOINLINE void take(uint64_t x)
{
    queue.tail_lock.lock();   /* <- hot */
    queue.tails += x;         /* <- hot */
    queue.tail_lock.unlock(); /* <- hot */
}

void work(unsigned me, void *)
{
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        me == 0 ? put(i) : take(i);
    }
}
} // namespace

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 6000000);
    WRITES(0, queue.head_lock);
    WRITES(0, queue.heads);
    WRITES(1, queue.tail_lock);
    WRITES(1, queue.tails);
    twin_run(THREADS, work, nullptr);
    printf("%llu %llu\n", (unsigned long long)queue.heads, (unsigned long long)queue.tails);
    return 0;
}
