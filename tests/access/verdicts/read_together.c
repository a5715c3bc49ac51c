/* SPDX-License-Identifier: MIT */
/* verdict: none
 * As liburcu's struct urcu_gp: readers look at both fields each time, one thread writes both, and a
 * reader that sees the second one set puts it back. Apart, two lines would travel instead of one.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ROUNDS = 300000 };
static struct {
    atomic_ulong count;
    atomic_int wanted;
} state __attribute__((aligned(64)));
static atomic_int stop __attribute__((aligned(64)));

static unsigned load(const atomic_int *at)
{
    return (unsigned)atomic_load_explicit(at, memory_order_relaxed);
}

static void *read_both(void *argument)
{
    unsigned long *const sum = argument;
    while (!load(&stop)) {
        *sum += atomic_load_explicit(&state.count, memory_order_relaxed);
        if (load(&state.wanted))
            atomic_store_explicit(&state.wanted, 0, memory_order_relaxed);
        for (volatile int wait = 0; wait < 20; wait++)
            ;
    }
    return NULL;
}

int main(void)
{
    pthread_t reader[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&reader[i], NULL, read_both, aligned_alloc(64, 64));
    for (int i = 0; i < ROUNDS; i++) {
        atomic_store_explicit(&state.count, (unsigned long)i, memory_order_relaxed);
        if (i % 16 == 0)
            atomic_store_explicit(&state.wanted, 1, memory_order_relaxed);
        (void)load(&state.wanted);
        for (volatile int wait = 0; wait < 200; wait++)
            ;
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < 2; i++)
        pthread_join(reader[i], NULL);
    return 0;
}
