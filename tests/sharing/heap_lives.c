/* SPDX-License-Identifier: MIT
 * Two threads take turns: each allocates a buffer, writes its own half of it, and frees it. The
 * allocator (one arena) gives both the same memory.
 * None: a buffer's life ends with free, and never do two threads use the same one. The semaphores
 * for the turns are truly shared, each on lines of its own. */
/* expect: none */
#include "twin.h"

#include <malloc.h>
#include <semaphore.h>

#define SIZE 4096 /* more than the caches of each thread keep: it comes from the arena again */
#define HOT 16    /* bytes each thread writes, on one line, around the buffer's middle */
static struct {
    alignas(PAD) sem_t turn;
} turns[THREADS];

static NOINLINE unsigned use(unsigned me, unsigned long turn)
{
    unsigned sum = 0;
    unsigned char *buffer = malloc(SIZE);
    if (!buffer) {
        abort();
    }
    for (unsigned i = 0; i < HOT; i++) {
        buffer[SIZE / 2 + me * HOT + i] = (unsigned char)(turn + i);
        twin_settle();
        sum += buffer[SIZE / 2 + me * HOT + i];
    }
    free(buffer);
    return sum;
}

static void work(unsigned me, void *arg)
{
    unsigned long *sums = (unsigned long *)arg, sum = 0;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        sem_wait(&turns[me].turn);
        sum += use(me, i);
        sem_post(&turns[(me + 1) % THREADS].turn);
    }
    sums[me * PAD / sizeof(*sums)] = sum;
}

int main(int argc, char **argv)
{
    alignas(PAD) unsigned long sums[THREADS * PAD / sizeof(unsigned long)];
    twin_amount(argc, argv, 5000);
    mallopt(M_ARENA_MAX, 1);
    for (unsigned i = 0; i < THREADS; i++) {
        sem_init(&turns[i].turn, 0, i == 0);
        WRITES(0, turns[i].turn);
        WRITES(1, turns[i].turn);
    }
    twin_run(THREADS, work, sums);
    printf("%lu %lu\n", sums[0], sums[PAD / sizeof(*sums)]);
    return 0;
}
