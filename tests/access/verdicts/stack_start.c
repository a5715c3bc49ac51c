/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: counts (struct counts)
 * Two counts of a variable on main's stack lie on two lines in this run: in another one the stack
 * begins elsewhere, and they lie on one. */
#include <alloca.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

#ifndef ADDS
#define ADDS 30000000
#endif
#ifndef LATE_US
#define LATE_US 0
#endif
struct counts {
    volatile long first, between[2], second;
};

static void *add(void *count)
{
    if (LATE_US && (uintptr_t)count % 64 < 32) /* the second */
        usleep(LATE_US);
    for (long i = 0; i < ADDS; i++)
        ++*(volatile long *)count;
    return NULL;
}

static __attribute__((noinline)) int count_both(void)
{
    struct counts counts = {0};
    pthread_t thread[2];
    if ((uintptr_t)&counts.first / 64 == (uintptr_t)&counts.second / 64)
        return 0;
    pthread_create(&thread[0], NULL, add, (void *)&counts.first);
    pthread_create(&thread[1], NULL, add, (void *)&counts.second);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 1;
}

int main(void)
{
    for (unsigned i = 1; i <= 16; i++) {
        *(volatile char *)alloca(16 * i) = 0;
        if (count_both())
            return 0;
    }
    return 2;
}
