/* SPDX-License-Identifier: MIT */
/* verdict: false-sharing
 * Hundreds of threads add to one counter at the same time. That is true sharing, and must not end
 * the watching of what two others do after it. */
#include <pthread.h>
#include <stdatomic.h>

enum { CROWD = 400, WRITES = 300000 };
static _Alignas(64) atomic_long all;
static _Alignas(64) volatile long sum[2];

static void *count(void *unused)
{
    for (int i = 0; i < 1000; i++)
        all++;
    return unused;
}

static void *add(void *number)
{
    for (volatile long *n = number; *n < WRITES;)
        ++*n;
    return NULL;
}

int main(void)
{
    pthread_t thread[CROWD];
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 16);
    for (int i = 0; i < CROWD; i++)
        pthread_create(&thread[i], &small, count, NULL);
    for (int i = 0; i < CROWD; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, add, (void *)&sum[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
