/* SPDX-License-Identifier: MIT
 * One trial: all threads run their loops over one common window, and only what they did while all
 * of them ran counts. */
#ifndef PROBES_TRIAL_TRIAL_H
#define PROBES_TRIAL_TRIAL_H

#include "machine/crew.h"
#include "machine/gate.h"
#include "probes/counters/counters.h"
#include "probes/trial/op.h"

enum {
    TRIAL_WINDOW_NS =
        1000000,              /* long against a batch and an interrupt, short against a regime; a
                               * window twice as long needs twice the time for the same precision */
    TRIAL_STAMPS = 512,       /* batches that a thread can record; 12 KiB a thread */
    TRIAL_BATCHES = 64,       /* that a window is divided into, about ... */
    TRIAL_BATCHES_MIN = 4,    /* ... but fewer on a slow clock, */
    TRIAL_READS_APART = 1000, /* whose reads are at least so many times their own time apart, */
    TRIAL_WINDOW_MOST_NS = 2000000 /* in windows that a busy machine still lets pass: next
                                    * to two busy loops those of 4 ms did not */
};

/* The window for a clock that takes `read_ns` a read, and the batches in it. While a thread reads
 * the clock, the others contend with one less, which no subtraction sets right: with two threads
 * and a ratio of 4 a share of 1% in the clock makes it 3% less. */
double trial_window_ns(double read_ns);
double trial_batch_ns(double window_ns, double read_ns);
/* The share of a batch that goes into its read of the clock. */
static inline double trial_clock_share(double read_ns)
{
    return read_ns / trial_batch_ns(trial_window_ns(read_ns), read_ns);
}

/* The end of a batch: when, and how many ops (and transfers of the line, where they are
 * counted) were done since the trial began. */
struct stamp {
    uint64_t tick, ops, transfers;
};

/* One thread's part, on lines that no other thread uses. */
struct trial_thread {
    _Alignas(256) struct worker worker;
    const struct op_loops *loops;
    struct counters_thread *hardware, *software; /* NULL: not counted */
    /* The results: */
    struct stamp stamp[TRIAL_STAMPS];
    unsigned stamps;
    double kept_waiting_ns; /* for its cpu; NaN: not known */
    uint64_t from, until;   /* ticks: where the window should begin and end, the same for all */
    bool strayed;           /* it was not on its cpu at the end */
    bool stuck;             /* the clock did not reach the end of the window */
    unsigned asked;         /* how often whether it is stuck */
    uint64_t began_raw_ns;  /* of the trial, by the kernel's clock */
    int64_t count[EVENT_ROLES];
    double share[EVENT_HARDWARE];
    uint64_t counted_ops;       /* while the hardware events were counted */
    bool timed;                 /* ops were timed singly, into `histogram` */
    struct worker_seen seen;    /* for worker.seen */
    struct histogram histogram; /* ticks, the clock's own cost included */
};

struct trial {
    struct trial_thread *thread; /* by their number in the crew */
    unsigned threads;
    const unsigned *member; /* their numbers in the crew; NULL: its first `threads` threads */
    const struct clock *clock;
    bool latency;
    /* Its ops wait for locks: a switch to another thread is a part of them and a long wait is,
     * too. Only what took the cpu from a thread that wanted it disturbs, and each thread is counted
     * from one moment to another, whether it got anything done or not. */
    bool waits;
    bool helped;                /* and threads of what is measured may take the cpu as well */
    double window_ns, batch_ns; /* about, between two reads of the clock */
    struct gate gate;
};

/* What a thread did within the common window. */
struct trial_result {
    uint64_t ops, transfers;
    double seconds;
    double stall_ns; /* how much longer than its median batch its longest one took */
};

static inline unsigned trial_member(const struct trial *trial, unsigned i)
{
    return trial->member ? trial->member[i] : i;
}
/* Runs it and fills in each thread's results. */
void trial_run(struct trial *trial, struct crew *crew);
/* The window in which all threads ran, in ns; 0 when there was none. Fills result[0 … threads-1],
 * in the order of the members. */
double trial_results(const struct trial *trial, struct trial_result *result);
/* Why the trial does not count, from its results and their window; "" when it does. */
const char *trial_disturbance(
    const struct trial *trial, const struct trial_result *result, double overlap_ns);
/* Steps of private work (op_work) that this cpu does in a ns. Spins for some 0.1 ms, longer where
 * the clock is slow. */
double trial_steps_a_ns(const struct clock *clock);
/* The steps that take `gap_ns`: 0 for no gap, else at least 1. */
uint64_t trial_gap_steps(double steps_a_ns, double gap_ns);

#endif
