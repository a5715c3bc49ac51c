/* SPDX-License-Identifier: MIT
 * An op: what a thread does over and over to its words. Each file probes/trial/ops/<name>.c writes
 * one op as a step; the loops around it are stamped here, once for each way of measuring, so that a
 * measured loop contains no call and no branch on a mode. */
#ifndef PROBES_TRIAL_OP_H
#define PROBES_TRIAL_OP_H

#include "base/histogram.h"
#include "layouts/layout.h"
#include "machine/clock.h"

#include <stdatomic.h>

typedef _Atomic uint64_t word;

/* What a thread learns from an old value that another thread wrote. */
struct worker_seen {
    uint64_t last, transfers;
};

/* What a loop works on: addresses handed out before it starts. Private to its thread. */
struct worker {
    word *own;         /* the word of this thread's role */
    word *peer;        /* the other role's word, or NULL */
    word *lock, *data; /* or NULL */
    word *const *all;  /* the first role's word of every shard */
    unsigned shards;
    /* Of a thread that works on several shards in turn: all[first + (i & turns) * step]. */
    unsigned first, turns, step;
    uint64_t gap;  /* steps of private work between ops */
    uint64_t zero; /* 0, which the compiler does not know: ties one op to the next */
    const struct clock *clock;
    struct histogram *histogram; /* ticks of singly timed ops */
    struct worker_seen *seen;    /* of loops that count transfers; the loop writes it at its end */
    const struct replay_step
        *list;   /* of loops that replay a pattern (probes/replay/replay_loop.h) */
    void *state; /* of loops that keep one from call to call (probes/maps/map_loop.h) */
};

/* Runs n >= 1 attempts and returns how many succeeded. */
typedef uint64_t op_loop(const struct worker *worker, uint64_t n);

struct op_loops {
    op_loop *plain, *gapped;           /* throughput: the ops are independent */
    op_loop *chained, *chained_gapped; /* latency: each op waits for the one before it */
    op_loop *timed;                    /* latency: each op timed alone, into the histogram */
};

struct op {
    const char *name, *flavour, *summary;
    unsigned needs;  /* words the layout must have: a set of 1 << enum layout_word */
    bool splits;     /* among equal threads, the first plays the second role */
    bool by_success; /* an attempt can fail; only successes count */
    bool hides;      /* the store buffer may hide its price in throughput mode */
    const struct op_loops *first, *second; /* by role; second NULL: the role loads its word */
};
extern const struct op *const op_table[];
extern const size_t op_count;

/* The op of that name in the flavour that suits this cpu; NULL when there is none. */
const struct op *op_find(const char *name);
const struct op_loops *op_role(const struct op *op, unsigned role);

/* One op on the words of `l`, `at` words further on (0, unless chained: then 0 as well, but known
 * only when the op before is done). Counts a success in *done; returns a value that the op
 * produced. */
typedef uint64_t op_step(const struct worker *l, uint64_t at, uint64_t *done);

/* Private work: a chain of multiplications, which no core can shorten. */
static inline __attribute__((always_inline)) uint64_t op_work(uint64_t steps, uint64_t x)
{
    do {
        x = x * 6364136223846793005u +
            1442695040888963407u; /* Knuth's MMIX; any odd factor would do */
        __asm__("" : "+r"(x));
    } while (--steps);
    return x;
}

static inline __attribute__((always_inline)) uint64_t op_run(
    const struct worker *worker, uint64_t n, op_step *step, bool chained, bool gapped)
{
    const struct worker l =
        *worker; /* in registers: the loop must not reload what its stores might change */
    uint64_t done = 0, value = 0, work = 1;
    do {
        value = step(&l, chained ? value & l.zero : 0, &done);
        if (gapped)
            work = op_work(l.gap, chained ? value | 1 : work);
        if (gapped && chained)
            value = work;
    } while (--n);
    __asm__ volatile("" ::"r"(value), "r"(work));
    return done;
}

static inline __attribute__((always_inline)) uint64_t op_time(
    const struct worker *worker, uint64_t n, op_step *step)
{
    const struct worker l = *worker;
    uint64_t done = 0, value = 0;
    do {
        const uint64_t before = clock_begin(l.clock);
        value = step(&l, value & l.zero, &done);
        __asm__ volatile("" ::"r"(value));
        histogram_record(l.histogram, clock_end(l.clock) - before);
        if (l.gap)
            value = op_work(l.gap, value | 1);
    } while (--n);
    return done;
}

#define OP_LOOP(role, kind, call)                                                                  \
    static uint64_t role##_##kind(const struct worker *worker, uint64_t n)                         \
    {                                                                                              \
        return call;                                                                               \
    }
/* `fast` is the step that may overlap with the next, `slow` the one that is over when it returns.
 */
#define OP_LOOPS(role, fast, slow)                                                                 \
    OP_LOOP(role, plain, op_run(worker, n, fast, false, false))                                    \
    OP_LOOP(role, gapped, op_run(worker, n, fast, false, true))                                    \
    OP_LOOP(role, chained, op_run(worker, n, slow, true, false))                                   \
    OP_LOOP(role, chained_gapped, op_run(worker, n, slow, true, true))                             \
    OP_LOOP(role, timed, op_time(worker, n, slow))                                                 \
    static const struct op_loops role = {                                                          \
        role##_plain, role##_gapped, role##_chained, role##_chained_gapped, role##_timed};

#define OP_PASTE(name, flavour) op_##name##_##flavour
#define OP_NAME(name, flavour) OP_PASTE(name, flavour)
#define OP_TEXT(x) OP_TEXT_OF(x)
#define OP_TEXT_OF(x) #x
#define OP(name) const struct op OP_NAME(name, FLAVOUR)
#define OP_FLAVOUR OP_TEXT(FLAVOUR)

#define NEEDS(word) (1u << WORD_##word)

#endif
