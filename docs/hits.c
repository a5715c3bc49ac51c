/* SPDX-License-Identifier: MIT
 * The program of README.md and detect.md: two threads that count in one array. */
#include <pthread.h>

struct stats {
    unsigned long hits, misses;
};
struct stats stats[2];

enum { REQUESTS = 20000000 };

static void *serve(void *of)
{
    volatile struct stats *const own = of;
    for (int i = 0; i < REQUESTS; i++)
        if (i % 4)
            own->hits++;
        else
            own->misses++;
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    /* Each has a struct of its own, but both are on one cache line. */
    for (int i = 0; i < 2; i++)
        if (pthread_create(&thread[i], NULL, serve, &stats[i]))
            return 1;
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
