/* SPDX-License-Identifier: MIT */
/* verdict: false-sharing
 * More threads live at the same time than there are slots for: what the last ones did is not known,
 * which is no reason to pass. */
#include <pthread.h>
#include <semaphore.h>

enum { THREADS = 4200 };
static sem_t go;
static _Alignas(64) volatile long work[THREADS][8];

static void *run(void *own)
{
    ++*(volatile long *)own;
    sem_wait(&go);
    return NULL;
}

int main(void)
{
    static pthread_t thread[THREADS];
    pthread_attr_t small;
    int count = 0;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 16);
    sem_init(&go, 0, 0);
    while (count < THREADS && !pthread_create(&thread[count], &small, run, (void *)work[count]))
        count++;
    for (int i = 0; i < count; i++)
        sem_post(&go);
    for (int i = 0; i < count; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
