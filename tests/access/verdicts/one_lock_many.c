/* SPDX-License-Identifier: MIT */
/* verdict: none
 * On one cpu, two threads change two fields of many objects, each its own field, all with one lock:
 * more lines than the runtime keeps note of for a lock. */
#include "../one_cpu.h"

#include <pthread.h>

enum { TURNS = 5000, OBJECTS = 64, ADDS = 100 };
static struct object {
    volatile long first, second;
} __attribute__((aligned(64))) object[OBJECTS];
static pthread_mutex_t lock __attribute__((aligned(64))) = PTHREAD_MUTEX_INITIALIZER;

static void *add(void *second)
{
    for (int turn = 0; turn < TURNS; turn++) {
        pthread_mutex_lock(&lock);
        for (struct object *o = object; o < object + OBJECTS; o++)
            for (int i = 0; i < ADDS; i++)
                ++*(second ? &o->second : &o->first);
        pthread_mutex_unlock(&lock);
        sched_yield();
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    one_cpu();
    for (int i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, add, i ? object : NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
