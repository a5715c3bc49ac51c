/* SPDX-License-Identifier: MIT
 * A program of several threads that forks, vforks, spawns and executes, from all of them at once,
 * while others count and allocate. Children allocate, start threads, and end in every way. */
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORKERS = 2, ROUNDS = 20, EACH = 20000, WAYS = 6 };
extern char **environ;
static volatile long lines[8][8] __attribute__((aligned(64)));
static long stop;
static char *self;

static void *count(void *argument)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        char *block = malloc(100);
        for (long i = 0; i < 100; i++)
            lines[i % 8][(long)argument]++;
        free(block);
    }
    return NULL;
}

static void *count_some(void *argument)
{
    for (long i = 0; i < EACH; i++)
        lines[i % 8][(long)argument]++;
    return NULL;
}

/* Malloc and threads work in the child as well (glibc guarantees both). */
static int be_child(void)
{
    pthread_t thread;
    char *block[100];
    for (int i = 0; i < 100; i++)
        memset(block[i] = malloc((size_t)i * 10 + 1), i, (size_t)i * 10 + 1);
    if (pthread_create(&thread, NULL, count_some, (void *)7) != 0)
        return 99;
    count_some((void *)6);
    pthread_join(thread, NULL);
    for (int i = 0; i < 100; i++)
        free(block[i]);
    return 11;
}

static void be(int way)
{
    char *const words[] = {self, (char *)"again", NULL};
    if (way == 0)
        exit(be_child());
    if (way == 1)
        _exit(be_child());
    if (way == 2) {
        be_child();
        execv("/nowhere/to/be/found", words);
        execl(self, self, "again", (char *)NULL);
    }
    if (way == 3)
        execve(self, words, environ);
    execlp("sh", "sh", "-c", "exit 11", (char *)NULL);
    _exit(98);
}

static pid_t start(int way)
{
    char *const words[] = {self, (char *)"again", NULL};
    pid_t child = -1;
    if (way == 4)
        return posix_spawn(&child, self, NULL, NULL, words, environ) ? -1 : child;
    child = way == 5 ? vfork() : fork();
    if (child == 0 && way == 5) {
        execvp("/nowhere/to/be/found", words);
        execvp(self, words);
        _exit(97);
    }
    if (child == 0)
        be(way);
    return child;
}

static void *fork_on(void *argument)
{
    long good = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int status = 0;
        const pid_t child = start(round % (WAYS + 1));
        if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status))
            good += WEXITSTATUS(status) == 11;
    }
    *(long *)argument = good;
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t counter[2], forker[FORKERS];
    static long good[FORKERS];
    self = argv[0];
    if (argc > 1)
        return be_child();
    for (long i = 0; i < 2; i++)
        pthread_create(&counter[i], NULL, count, (void *)i);
    for (long i = 0; i < FORKERS; i++)
        pthread_create(&forker[i], NULL, fork_on, &good[i]);
    for (int i = 0; i < FORKERS; i++)
        pthread_join(forker[i], NULL);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 2; i++)
        pthread_join(counter[i], NULL);
    printf("%ld\n", good[0] + good[1]);
    return 9;
}
