/* SPDX-License-Identifier: MIT
 * probes/watch: a thread is seen to access what it accesses, and nothing else; and is left alone
 * afterwards. */
#include "tests/test.h"

#include "base/arch/arch.h"
#include "probes/watch/watchpoint.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 50, WORDS = 8 };

static struct {
    _Alignas(64) volatile uint64_t word[WORDS]; /* 0 is written, 1 read, the others left alone */
    _Atomic int tid;
    _Atomic bool stop;
    _Atomic uint64_t rounds;
} shared;

static void *work(void *context)
{
    (void)context;
    shared.tid = (int)syscall(SYS_gettid);
    while (!shared.stop) {
        shared.word[0] = shared.word[1] + 1;
        atomic_fetch_add_explicit(&shared.rounds, 1, memory_order_relaxed);
    }
    return NULL;
}

static pthread_t begin(void)
{
    pthread_t thread;
    shared.stop = false;
    shared.tid = 0;
    assert_int_equal(pthread_create(&thread, NULL, work, NULL), 0);
    while (!shared.tid)
        arch_pause();
    return thread;
}

static void end(pthread_t thread)
{
    shared.stop = true;
    pthread_join(thread, NULL);
}

static void rest(long ns)
{
    const struct timespec wait = {.tv_nsec = ns};
    nanosleep(&wait, NULL);
}

/* Of TRIES; skips where there are no watchpoints. */
static int count_hits(pthread_t thread, unsigned word, bool reads)
{
    int hits = 0;
    for (int i = 0; i < TRIES; i++) {
        const struct watchpoint_at at = {.tid = shared.tid,
            .address = (uint64_t)(uintptr_t)&shared.word[word],
            .bytes = sizeof shared.word[0],
            .reads = reads};
        struct watchpoint w;
        struct err err;
        uint64_t ran_ns = 0;
        if (watchpoint_arm(&at, &w, &err)) {
            end(thread);
            print_message("# %s\n", err.text);
            SKIP_BECAUSE("no watchpoints here");
        }
        /* On a busy machine the thread may not have had a cpu yet. */
        for (int k = 0; k < 100 && ran_ns < 1000000 && !watchpoint_hit(&w, &ran_ns); k++)
            rest(2000000);
        hits += watchpoint_hit(&w, &ran_ns);
        watchpoint_disarm(&w);
    }
    return hits;
}

static void accesses_are_seen_and_nothing_else(void **state)
{
    (void)state;
    const pthread_t thread = begin();
    const int written = count_hits(thread, 0, false), read = count_hits(thread, 1, true),
              only_read = count_hits(thread, 1, false), untouched = count_hits(thread, 2, true);
    end(thread);
    print_message("# of %d: written %d, read %d; wrongly %d and %d\n", TRIES, written, read,
        only_read, untouched);
    assert_int_equal(written, TRIES);
    assert_int_equal(read, TRIES);
    assert_int_equal(only_read, 0);
    assert_int_equal(untouched, 0);
}

/* One hit takes some 9 us: if each access trapped, there would be a hundred rounds a ms. */
static void after_its_hit_it_costs_nothing(void **state)
{
    struct watchpoint w;
    struct err err;
    uint64_t ran_ns = 0;
    (void)state;
    const pthread_t thread = begin();
    const struct watchpoint_at at = {.tid = shared.tid,
        .address = (uint64_t)(uintptr_t)&shared.word[0],
        .bytes = sizeof shared.word[0]};
    if (watchpoint_arm(&at, &w, &err)) {
        end(thread);
        SKIP_BECAUSE("no watchpoints here");
    }
    for (int k = 0; k < 1000 && !watchpoint_hit(&w, &ran_ns); k++)
        rest(2000000);
    const uint64_t before = shared.rounds;
    for (int k = 0; k < 1000 && shared.rounds - before < 1000000; k++)
        rest(2000000);
    const uint64_t rounds = shared.rounds - before;
    watchpoint_disarm(&w);
    end(thread);
    print_message("# %llu rounds while armed\n", (unsigned long long)rounds);
    assert_true(rounds >= 1000000);
}

static void a_wrong_place_is_refused(void **state)
{
    struct watchpoint w;
    struct err err;
    (void)state;
    assert_true(watchpoint_arm(&(struct watchpoint_at){.tid = 1 << 22, .address = 64, .bytes = 8},
                    &w, &err) < 0);
    assert_int_equal(w.fd, -1);
    assert_true(watchpoint_arm(&(struct watchpoint_at){.tid = (int)syscall(SYS_gettid),
                                   .address = (uint64_t)(uintptr_t)&shared,
                                   .bytes = 3},
                    &w, &err) < 0);
    watchpoint_disarm(&w);
}
