/* SPDX-License-Identifier: MIT
 * The last of many threads forks; 7 if the child was killed. */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 40 };
static pthread_barrier_t all;
static int status;

static void *work(void *last)
{
    if (last) {
        const pid_t child = fork();
        if (child == 0)
            _exit(0);
        waitpid(child, &status, 0);
    }
    pthread_barrier_wait(&all);
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    pthread_barrier_init(&all, NULL, THREADS);
    for (int i = 1; i <= THREADS; i++)
        pthread_create(&thread[i - 1], NULL, work, i == THREADS ? &status : NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    return status ? 7 : 0;
}
