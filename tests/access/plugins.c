/* SPDX-License-Identifier: MIT
 * A library that comes and goes by dlopen and dlclose while threads count, in it and elsewhere.
 * With -DLIBRARY it is that library. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 3, ROUNDS = 150, EACH = 3000 };

#ifdef LIBRARY
static volatile long tallies[8];
static _Thread_local volatile long own;
long tally(long me);
long tally(long me)
{
    char *block = malloc(40);
    for (int i = 0; i < EACH; i++) {
        tallies[me]++;
        own++;
    }
    free(block);
    return EACH;
}
#else
static volatile long counts[8] __attribute__((aligned(64)));

static void *load(void *argument)
{
    long (*tally)(long);
    long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        void *library = dlopen("./libplugin.so", round % 2 ? RTLD_NOW : RTLD_LAZY);
        if (!library)
            return NULL;
        *(void **)&tally = dlsym(library, "tally");
        sum += tally((long)argument);
        counts[(long)argument]++;
        dlclose(library);
    }
    return (void *)sum;
}

int main(void)
{
    pthread_t thread[THREADS];
    long sum = 0;
    for (long i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, load, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(thread[i], &result);
        sum += (long)result;
    }
    printf("%ld\n", sum);
    return 10;
}
#endif
