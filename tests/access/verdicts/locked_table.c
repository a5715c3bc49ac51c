/* SPDX-License-Identifier: MIT */
/* verdict: none
 * A hash table that is used only under one mutex: threads are never in it at once. */
#include <pthread.h>
#include <stdlib.h>

enum { BUCKETS = 2048, BUCKET = 4, THREADS = 4, JOBS = 10, VISITS = 3000, WORK = 2000000 };
struct entry {
    unsigned offset, checksum;
};
static struct entry *table;
static unsigned char next[BUCKETS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned found;

static void visit(unsigned x)
{
    const unsigned b = (x >> 16) % BUCKETS;
    struct entry *const e = table + b * BUCKET;
    for (int j = 0; j < BUCKET; j++)
        found += e[j].checksum == x;
    e[next[b]++ % BUCKET] = (struct entry){x, x};
}

static void *run_jobs(void *seed)
{
    unsigned x = (unsigned)(size_t)seed;
    for (int job = 0; job < JOBS; job++) {
        pthread_mutex_lock(&mutex);
        for (int i = 0; i < VISITS; i++)
            visit(x = x * 1664525 + 1013904223);
        pthread_mutex_unlock(&mutex);
        for (volatile int i = 0; i < WORK; i++)
            ;
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    table = calloc(BUCKETS * BUCKET, sizeof *table);
    for (size_t i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, run_jobs, (void *)(i * 2 + 1));
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    free(table);
    return 0;
}
