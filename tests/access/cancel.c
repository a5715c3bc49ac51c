/* SPDX-License-Identifier: MIT
 * Threads cancelled while they count on shared lines: at any instruction, or in a wait; with
 * cleanup handlers and destructors that count as well. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROUNDS = 150, THREADS = 4, LINES = 64 };
static volatile long lines[LINES][8] __attribute__((aligned(64)));
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static long cleaned, destroyed, started;

static void add(void *count)
{
    __atomic_fetch_add((long *)count, 1, __ATOMIC_RELAXED);
}

static void clean(void *held)
{
    pthread_mutex_unlock(held);
    add(&cleaned);
}

static void *compute(void *argument)
{
    pthread_setspecific(key, &destroyed);
    add(&started);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    for (unsigned i = 0;; i++)
        lines[i % LINES][(long)argument]++;
    return NULL;
}

static void *await(void *argument)
{
    pthread_mutex_lock(&mutex);
    pthread_setspecific(key, &destroyed);
    add(&started);
    pthread_cleanup_push(clean, &mutex);
    for (;;) {
        lines[0][(long)argument]++;
        pthread_cond_wait(&never, &mutex);
    }
    pthread_cleanup_pop(1);
    return NULL;
}

int main(void)
{
    long cancelled = 0;
    pthread_key_create(&key, add);
    for (long round = 1; round <= ROUNDS; round++) {
        pthread_t thread[THREADS];
        for (long i = 0; i < THREADS; i++)
            if (pthread_create(&thread[i], NULL, i ? compute : await, (void *)i) != 0)
                return 1;
        while (__atomic_load_n(&started, __ATOMIC_RELAXED) < round * THREADS)
            usleep(100);
        for (int i = 0; i < THREADS; i++)
            pthread_cancel(thread[i]);
        for (int i = 0; i < THREADS; i++) {
            void *result;
            pthread_join(thread[i], &result);
            cancelled += result == PTHREAD_CANCELED;
        }
    }
    printf("%ld cancelled, %ld cleaned, %ld destroyed\n", cancelled, cleaned, destroyed);
    return 7;
}
