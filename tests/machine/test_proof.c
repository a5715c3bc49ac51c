/* SPDX-License-Identifier: MIT
 * probes/watch: what two threads do on a line is told apart by watchpoints. */
#include "tests/test.h"

#include "base/arch/arch.h"
#include "probes/watch/proof.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* On a busy machine two threads seldom run at the same time: as often as it takes for ENOUGH. */
enum { ANSWERS = PROOF_COMMON + 1 };
enum { TRIES = 40, TRIES_MOST = 1000, ENOUGH = 3, MOST_NS = 20000000 };

static struct {
    _Alignas(64) _Atomic uint64_t word[8];
    _Alignas(64) _Atomic int tid[2];
    _Alignas(64) _Atomic bool stop;
    _Alignas(64) _Atomic unsigned turn;
} shared;

static void add_to(unsigned word)
{
    atomic_fetch_add_explicit(&shared.word[word], 1, memory_order_relaxed);
}
/* Each on its own word. */
static void work_apart(unsigned me)
{
    add_to(me);
}
/* Each on its own word, and both on the third. */
static void work_together(unsigned me)
{
    add_to(me);
    add_to(2);
}
static void rest(long ns)
{
    nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}
/* In turns of some hundred microseconds, in which the other one waits without sleeping. */
static void work_in_phases(unsigned me)
{
    if (shared.turn % 2 != me) {
        arch_pause();
        return;
    }
    for (int i = 0; i < 100000; i++)
        add_to(me);
    shared.turn++;
}

struct job {
    void (*work)(unsigned me);
    unsigned me;
};

static void *run(void *context)
{
    const struct job *const job = context;
    shared.tid[job->me] = (int)syscall(SYS_gettid);
    while (!shared.stop)
        job->work(job->me);
    return NULL;
}

static uint64_t line_of_words(void)
{
    return (uint64_t)(uintptr_t)&shared.word;
}

/* How often each answer was given to a question about words a and b; until `wanted` was given
 * ENOUGH times, or, if that is none, TRIES times. */
static void ask(void (*work)(unsigned me), unsigned a, unsigned b, enum proof_answer wanted,
    unsigned count[ANSWERS])
{
    struct job job[2] = {{work, 0}, {work, 1}};
    pthread_t thread[2];
    struct err err;
    uint64_t dead_ns;
    int code = proof_dead_ns(&dead_ns, &err);
    if (code) {
        print_message("# %s\n", err.text);
        SKIP_BECAUSE("no watchpoints here");
    }
    shared.stop = false;
    shared.tid[0] = shared.tid[1] = 0;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, run, &job[i]), 0);
    while (!shared.tid[0] || !shared.tid[1])
        arch_pause();
    const struct proof_side side[2] = {{shared.tid[0], line_of_words() + 8 * a, 8, true},
        {shared.tid[1], line_of_words() + 8 * b, 8, true}};
    const unsigned most = wanted == PROOF_NONE ? TRIES : TRIES_MOST;
    for (unsigned i = 0; i < most && !code && (wanted == PROOF_NONE || count[wanted] < ENOUGH);
         i++) {
        struct proof proof;
        code = proof_try(side, MOST_NS, dead_ns, &proof, &err);
        count[proof.answer]++;
        rest(1000000);
    }
    shared.stop = true;
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    assert_int_equal(code, 0);
    print_message("# none %u, late %u, separate %u, common %u\n", count[PROOF_NONE],
        count[PROOF_LATE], count[PROOF_SEPARATE], count[PROOF_COMMON]);
}

static void words_apart_are_separate(void **state)
{
    unsigned count[ANSWERS] = {0};
    (void)state;
    ask(work_apart, 0, 1, PROOF_SEPARATE, count);
    assert_int_equal(count[PROOF_SEPARATE], ENOUGH);
    assert_int_equal(count[PROOF_COMMON], 0);
}

static void a_word_of_both_is_common(void **state)
{
    unsigned count[ANSWERS] = {0};
    (void)state;
    ask(work_together, 2, 2, PROOF_COMMON, count);
    assert_int_equal(count[PROOF_COMMON], ENOUGH);
    assert_int_equal(count[PROOF_SEPARATE], 0);
}

/* One is asked about at its own word, and touches the other's, too. */
static void a_word_of_one_that_is_also_of_the_other_is_common(void **state)
{
    unsigned count[ANSWERS] = {0};
    (void)state;
    ask(work_together, 0, 2, PROOF_COMMON, count);
    assert_int_equal(count[PROOF_COMMON], ENOUGH);
    assert_int_equal(count[PROOF_SEPARATE], 0);
}

static void what_nobody_does_is_not_proved(void **state)
{
    unsigned count[ANSWERS] = {0};
    (void)state;
    ask(work_apart, 0, 5, PROOF_NONE, count);
    assert_int_equal(count[PROOF_NONE] + count[PROOF_LATE], TRIES);
}

static void phases_are_not_sharing(void **state)
{
    unsigned count[ANSWERS] = {0};
    (void)state;
    ask(work_in_phases, 0, 1, PROOF_NONE, count);
    assert_in_range(count[PROOF_SEPARATE], 0, ENOUGH - 1); /* that many make a finding */
    assert_int_equal(count[PROOF_COMMON], 0);
}

static void a_thread_that_is_gone_is_an_error(void **state)
{
    const struct proof_side side[2] = {
        {1 << 22, line_of_words(), 8, true}, {1 << 22, line_of_words() + 8, 8, true}};
    struct proof proof;
    enum proof_crossing crossing;
    struct err err;
    (void)state;
    assert_true(proof_try(side, MOST_NS, 30000, &proof, &err) < 0);
    assert_true(proof_count_crossing(side, 0, &crossing, &err) < 0);
    assert_int_equal(crossing, CROSSING_UNKNOWN);
}
