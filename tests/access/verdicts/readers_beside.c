/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: heap block
 * Three threads read settings that end with a line, another counts right behind them: at another
 * start of the block, what is read and what is written lie on one line. */
#include <pthread.h>
#include <stdlib.h>

enum { TIMES = 10000000, READERS = 3, SETTINGS = 2, BYTES = 256 };
struct service {
    volatile long settings[SETTINGS], count;
};
static struct service *service;

static void *read_settings(void *unused)
{
    long sum = 0;
    for (long i = 0; i < TIMES; i++)
        sum += service->settings[i % SETTINGS];
    return unused ? NULL : (void *)sum;
}

static void *count_up(void *unused)
{
    for (long i = 0; i < TIMES; i++)
        service->count++;
    return unused;
}

int main(void)
{
    pthread_t thread[READERS + 1];
    char *const block = calloc(1, BYTES);
    const size_t past = 64 - (size_t)block % 64;
    service = (struct service *)(void *)(block + past + 64 - sizeof service->settings);
    for (int i = 0; i < READERS; i++)
        pthread_create(&thread[i], NULL, read_settings, NULL);
    pthread_create(&thread[READERS], NULL, count_up, NULL);
    for (int i = 0; i <= READERS; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
