/* SPDX-License-Identifier: MIT
 * reopened LIBRARY: a thread works on a library's array and closes it; main opens it again and
 * works on other bytes of the same lines. It is another array each time, though at the same
 * address. With -DLIBRARY, the library. */
enum { LINES = 64, LINE = 64, ROUNDS = 5000 };
#ifdef LIBRARY
char array[LINES * LINE] __attribute__((aligned(4096)));
#else
#include "turns.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static const char *path;
static char *place;
static struct turn closed, done;

static void work(unsigned byte)
{
    void *library = dlopen(path, RTLD_NOW);
    char *array = dlsym(library, "array");
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 0; i < LINES; i++)
            ++*(volatile char *)&array[i * LINE + byte];
    if (place && array != place)
        puts("elsewhere");
    place = array;
    dlclose(library);
}

static void *run(void *unused)
{
    work(0);
    turn_give(&closed);
    turn_await(&done);
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    path = argv[argc - 1];
    pthread_create(&thread, NULL, run, NULL);
    turn_await(&closed);
    work(40);
    turn_give(&done);
    pthread_join(thread, NULL);
    return 0;
}
#endif
