/* SPDX-License-Identifier: MIT
 * Threads all at once on the same few lines, with a lock and the heap in between: crowd THREADS
 * EACH.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 64 };
static volatile long lines[4][8] __attribute__((aligned(64)));
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long each, sum;

static void *work(void *argument)
{
    const long me = (long)argument, end = each;
    for (long i = 0; i < end; i++) {
        lines[i % 4][me % 8]++;
        if (i % 1000)
            continue;
        pthread_mutex_lock(&mutex);
        sum++;
        pthread_mutex_unlock(&mutex);
        free(malloc(100));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread[MOST];
    const int threads = argc > 2 ? atoi(argv[1]) : 0;
    each = threads ? atol(argv[2]) : 0;
    for (long i = 0; i < threads && i < MOST; i++)
        if (pthread_create(&thread[i], NULL, work, (void *)i) != 0)
            return 1;
    for (int i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    printf("%ld\n", sum);
    return 14;
}
