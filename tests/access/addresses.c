/* SPDX-License-Identifier: MIT
 * Two threads use one line of a heap block. One of them has the argument's bits in its addresses,
 * as a program has that keeps tags there: it calls the hook, since not all processors ignore them.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void __tsan_write8(void *address);

enum { ROUNDS = 100000 };
static uintptr_t bits;

static void *work_tagged(void *word)
{
    for (int i = 0; i < ROUNDS; i++)
        __tsan_write8((void *)((uintptr_t)word | bits));
    return NULL;
}

static void *work(void *word)
{
    volatile long *count = word;
    for (int i = 0; i < ROUNDS; i++)
        *count += 1;
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread[2];
    long *block = aligned_alloc(64, 64);
    block[0] = block[1] = 0;
    bits = argc > 1 ? strtoull(argv[1], NULL, 16) : 0;
    pthread_create(&thread[0], NULL, work_tagged, &block[0]);
    pthread_create(&thread[1], NULL, work, &block[1]);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    printf("%ld\n", block[0] + block[1]);
    return 0;
}
