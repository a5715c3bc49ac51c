/* SPDX-License-Identifier: MIT
 * What all twins need: an amount of work, threads that start together, private work, and to tell
 * which bytes each thread uses. It keeps off their lines: what is in here shares none with them. */
#ifndef TESTS_SHARING_TWIN_H
#define TESTS_SHARING_TWIN_H

#include <pthread.h>
#include <sched.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* A line of x86-64 and most of aarch64. The fix keeps two lines' distance: Intel's adjacent-line
 * prefetcher fetches pairs (Intel 64 and IA-32 Architectures Optimization Reference Manual, "Data
 * Prefetching"), some aarch64 cores have lines of 128 bytes, and detect looks for both. */
#define LINE 64
#define PAD 128
#ifdef FIXED
#define APART alignas(PAD)
#define ON_LINE alignas(PAD)
#else
#define APART
#define ON_LINE alignas(LINE) /* so that what lies together certainly shares the line */
#endif

#define THREADS 2
#define THREADS_MAX 8
#define NOINLINE __attribute__((noinline))

static struct {
    alignas(PAD) unsigned long ops;
} twin;

typedef void twin_body(unsigned me, void *arg);

struct twin_thread {
    alignas(PAD) pthread_t id;
    twin_body *body;
    void *arg;
    pthread_barrier_t *start;
    unsigned me;
};

/* The work each thread does: OPS, or what the first argument says, a number or a share of OPS such
 * as 10%. */
static inline void twin_amount(int argc, char **argv, unsigned long ops)
{
    char *end = NULL;
    const unsigned long given = argc > 1 ? strtoul(argv[1], &end, 10) : ops;
    twin.ops = end && *end == '%' ? ops / 100 * given : given;
}

/* Threads on different cpus as far as there are any: what wakes up where its waker ran shares no
 * line with it. */
static inline void twin_pin(unsigned me)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0) {
        return;
    }
    unsigned wanted = me % (unsigned)CPU_COUNT(&set);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &set) && wanted-- == 0) {
            CPU_ZERO(&set);
            CPU_SET(cpu, &set);
            sched_setaffinity(0, sizeof(set), &set);
            return;
        }
    }
}

static inline void *twin_enter(void *thread)
{
    const struct twin_thread *t = (const struct twin_thread *)thread;
    twin_pin(t->me);
    pthread_barrier_wait(t->start);
    t->body(t->me, t->arg);
    return NULL;
}

/* Runs BODY(0..threads-1, ARG), each in a thread of its own, all at once. */
static inline void twin_run(unsigned threads, twin_body *body, void *arg)
{
    struct twin_thread all[THREADS_MAX];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, threads);
    for (unsigned i = 0; i < threads; i++) {
        all[i].body = body;
        all[i].arg = arg;
        all[i].start = &start;
        all[i].me = i;
        if (pthread_create(&all[i].id, NULL, twin_enter, &all[i]) != 0) {
            abort();
        }
    }
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(all[i].id, NULL);
    }
    pthread_barrier_destroy(&start);
}

/* Memory is as the source says here: nothing is kept in a register over it. */
static inline void twin_settle(void)
{
    __asm__ volatile("" ::: "memory");
}

/* Private work without a memory access: ROUNDS dependent multiplications (Knuth's MMIX constants).
 */
static inline uint64_t twin_mix(uint64_t x, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        __asm__ volatile("" : "+r"(x));
    }
    return x;
}

/* With TWIN_LAYOUT set, the bytes each thread uses in the loop that counts; scripts/check-sharing
 * sees whether they share a line. twin_moves: the object might as well start any multiple of ALIGN
 * bytes further on. */
static inline void twin_hot(unsigned thread, char how, const volatile void *at, size_t size)
{
    if (getenv("TWIN_LAYOUT")) {
        fprintf(stderr, "hot %u %c %p %zu\n", thread, how, (const void *)at, size);
    }
}
static inline void twin_moves(size_t align)
{
    if (getenv("TWIN_LAYOUT")) {
        fprintf(stderr, "moves %zu\n", align);
    }
}
#define WRITES(thread, what) twin_hot(thread, 'w', &(what), sizeof(what))
#define READS(thread, what) twin_hot(thread, 'r', &(what), sizeof(what))

#endif
