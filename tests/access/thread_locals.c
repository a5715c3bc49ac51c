/* SPDX-License-Identifier: MIT
 * Two threads write to the thread-local of a third, main, which has three megabytes of them. */
#include <pthread.h>
#include <stdio.h>

enum { ROUNDS = 100000 };
static _Thread_local char room[3 << 20];
static _Thread_local struct {
    _Alignas(64) long first;
    volatile long hits, misses;
} words;

static void *work(void *word)
{
    for (int i = 0; i < ROUNDS; i++)
        *(volatile long *)word += 1;
    return room;
}

int main(void)
{
    pthread_t thread[2];
    pthread_create(&thread[0], NULL, work, (void *)&words.hits);
    pthread_create(&thread[1], NULL, work, (void *)&words.misses);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    printf("%ld\n", words.hits + words.misses);
    return 0;
}
