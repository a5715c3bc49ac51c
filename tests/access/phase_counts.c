/* SPDX-License-Identifier: MIT
 * Two threads share a line, then one of them has it alone between two barriers, then both again. */
#include <pthread.h>

enum { FEW = 200000, MANY = 5000000 };
static struct {
    volatile long first, second;
} counts __attribute__((aligned(64)));
static pthread_barrier_t turn;

__attribute__((noinline)) static void add(volatile long *at, int times)
{
    for (int i = 0; i < times; i++)
        ++*at;
}

static void *work(void *second)
{
    volatile long *const mine = second ? &counts.second : &counts.first;
    add(mine, FEW);
    pthread_barrier_wait(&turn);
    if (second)
        add(mine, MANY);
    pthread_barrier_wait(&turn);
    add(mine, FEW);
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    pthread_barrier_init(&turn, NULL, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, work, i ? &counts : NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
