/* SPDX-License-Identifier: MIT
 * A million living blocks, written by two threads; some freed and allocated again. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCKS = 1000000, ROUNDS = 2 };
static long *blocks[BLOCKS];

static void *work(void *argument)
{
    for (int round = 0; round < ROUNDS; round++)
        for (long i = (long)argument; i < BLOCKS; i += 2) {
            blocks[i][0] += i;
            if (i % 16 < 2) {
                free(blocks[i]);
                blocks[i] = calloc(1, 40 + (size_t)i % 50);
            }
        }
    return NULL;
}

int main(void)
{
    pthread_t thread[2];
    for (size_t i = 0; i < BLOCKS; i++)
        blocks[i] = calloc(1, 40 + i % 50);
    for (long i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    long sum = 0;
    for (int i = 0; i < BLOCKS; i++) {
        sum += blocks[i][0];
        free(blocks[i]);
    }
    printf("%ld\n", sum);
    return 0;
}
