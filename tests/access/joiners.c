/* SPDX-License-Identifier: MIT
 * Several threads create and join threads that do nothing: an id is another thread's as soon as one
 * is joined, often before the joiner runs again. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { JOINERS = 4, ROUNDS = 5000 };

static void *nothing(void *argument)
{
    return argument;
}

static void *join(void *argument)
{
    for (long i = 0; i < ROUNDS; i++) {
        pthread_t thread;
        void *result;
        if (pthread_create(&thread, NULL, nothing, argument) != 0 ||
            pthread_join(thread, &result) != 0 || result != argument)
            abort();
    }
    return NULL;
}

int main(void)
{
    pthread_t joiner[JOINERS];
    for (int i = 0; i < JOINERS; i++)
        pthread_create(&joiner[i], NULL, join, &joiner[i]);
    for (int i = 0; i < JOINERS; i++)
        pthread_join(joiner[i], NULL);
    printf("%d joined\n", JOINERS * ROUNDS);
    return 0;
}
