/* SPDX-License-Identifier: MIT */
/* verdict: false
 * names: false sharing: heap block (int[]
 * Two threads write every other element of a large array, a few times each (in turns, on a busy
 * machine): few hand-overs on each of a thousand lines, and the array is freed before the end. */
#include <pthread.h>
#include <stdlib.h>

enum { ELEMENTS = 16 * 1024, PASSES = 6 };
static volatile int *array;
static pthread_barrier_t barrier;

static void *write_every_other(void *first)
{
    for (int pass = 0; pass < PASSES; pass++) {
        for (size_t i = (size_t)first; i < ELEMENTS; i += 2)
            array[i] = pass;
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    array = aligned_alloc(64, ELEMENTS * sizeof *array);
    pthread_barrier_init(&barrier, NULL, 2);
    for (size_t i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, write_every_other, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    free((void *)array);
    return 0;
}
