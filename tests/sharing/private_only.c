/* SPDX-License-Identifier: MIT
 * Threads that work in private: on their stacks, in thread-local variables, in memory of their
 * own.
 * None: nothing here is seen by two threads. Each allocates more than a line before and behind
 * what it uses, so that the allocator cannot put the two side by side. */
/* expect: none */
#include "twin.h"

#define WORDS 64
static _Thread_local unsigned long calls;

static NOINLINE unsigned long step(unsigned long *local, unsigned long *heap, unsigned long i)
{
    calls++;
    local[i % WORDS] += calls;
    heap[i % WORDS] ^= local[(i + 1) % WORDS];
    return heap[i % WORDS];
}

static void work(unsigned me, void *arg)
{
    uint64_t *sums = (uint64_t *)arg, sum = 0;
    unsigned long local[WORDS] = {me};
    unsigned long *heap = calloc(3 * WORDS, sizeof(*heap));
    const unsigned long ops = twin.ops;
    if (!heap) {
        abort();
    }
    for (unsigned long i = 0; i < ops; i++) {
        sum += step(local, heap + WORDS, i);
    }
    WRITES(me, local);
    twin_hot(me, 'w', heap + WORDS, WORDS * sizeof(*heap));
    WRITES(me, calls);
    sums[me * PAD / sizeof(*sums)] = sum;
    free(heap);
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sums[THREADS * PAD / sizeof(uint64_t)];
    twin_amount(argc, argv, 65000000);
    twin_run(THREADS, work, sums);
    printf(
        "%llx %llx\n", (unsigned long long)sums[0], (unsigned long long)sums[PAD / sizeof(*sums)]);
    return 0;
}
