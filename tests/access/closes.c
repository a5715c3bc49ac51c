/* SPDX-License-Identifier: MIT
 * A program that closes all files that it does not know, as daemons do, and then uses their
 * numbers: its own files stay open. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { FIRST = 3, LAST = 1100, EACH = 100000 };
static volatile long counts[8] __attribute__((aligned(64)));

static void *work(void *argument)
{
    for (int i = 0; i < EACH; i++)
        counts[(long)argument]++;
    return NULL;
}

static int are_open(void)
{
    int open = 0;
    for (int f = FIRST; f < LAST; f++)
        open += fcntl(f, F_GETFD) >= 0;
    return open;
}

int main(void)
{
    pthread_t thread[2];
    for (int f = FIRST; f < LAST; f++)
        close(f);
    for (int f = FIRST; f < LAST; f++)
        if (dup2(STDERR_FILENO, f) < 0)
            break;
    const int before = are_open();
    for (long i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    printf("%d, %ld\n", are_open() - before, counts[0] + counts[1]);
    return 15;
}
