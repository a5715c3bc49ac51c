/* SPDX-License-Identifier: MIT
 * verdict: false-sharing
 * names: false sharing: count (long
 * Two functions create threads, one after the other, with their variables in the same place. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { ADDS = 3000000 };
static atomic_int quit;

static void *add(void *argument)
{
    volatile long *const mine = argument;
    for (int i = 0; i < ADDS; i++)
        ++*mine;
    return NULL;
}

static void *wait_long(void *argument)
{
    while (!quit)
        usleep(1000);
    return argument;
}

__attribute__((noinline)) static void first(pthread_t *thread)
{
    char key[400];
    __asm__ volatile("" ::"r"(key) : "memory");
    pthread_create(thread, NULL, wait_long, key);
}

__attribute__((noinline)) static void second(void)
{
    _Alignas(64) long count[32] = {0};
    pthread_t thread[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, add, &count[8 + i]);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
}

int main(void)
{
    pthread_t thread;
    first(&thread);
    second();
    quit = 1;
    pthread_join(thread, NULL);
    return 0;
}
