/* SPDX-License-Identifier: MIT
 * Two threads count on one line, and the program ends meanwhile, in the way that the argument
 * names. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile long counts[8] __attribute__((aligned(64)));
static const char *how;
static volatile long *volatile nothing = (volatile long *)8;

static void *count(void *argument)
{
    for (;;)
        counts[(long)argument]++;
    return argument;
}

static void *finish(void *unused)
{
    usleep(100000);
    if (strcmp(how, "last") == 0)
        puts("the last thread");
    fflush(stdout);
    if (strcmp(how, "segv") == 0)
        *nothing = 1;
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "exit") == 0)
        exit(12);
    if (strcmp(how, "_exit") == 0)
        _exit(13);
    if (strcmp(how, "quick_exit") == 0)
        quick_exit(14);
    if (strcmp(how, "exec") == 0)
        execlp("sh", "sh", "-c", "echo another program; exit 15", (char *)NULL);
    return unused;
}

static void at_end(void)
{
    puts("at exit");
}

static void in_handler(int number)
{
    _exit(number);
}

int main(int argc, char **argv)
{
    pthread_t id;
    how = argc > 1 ? argv[1] : "";
    atexit(at_end);
    puts(how);
    fflush(stdout);
    signal(SIGALRM, in_handler);
    /* If main ends by pthread_exit, the process ends with its last thread. */
    for (long i = 0; i < 2 && strcmp(how, "last") != 0; i++) {
        pthread_create(&id, NULL, count, (void *)i);
        pthread_detach(id);
    }
    if (strcmp(how, "alarm") == 0)
        alarm(1);
    if (strcmp(how, "return") == 0) {
        usleep(100000);
        return 16;
    }
    pthread_create(&id, NULL, finish, NULL);
    pthread_detach(id);
    pthread_exit(NULL);
}
