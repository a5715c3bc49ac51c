/* SPDX-License-Identifier: MIT
 * What a finding costs its program: replayed times of its accesses composed to the time that the
 * program would take without it. Measures nothing. docs/method.md, "The price of a finding". */
#ifndef ANALYSIS_PRICE_PRICE_H
#define ANALYSIS_PRICE_PRICE_H

#include "analysis/stats/stats.h"
#include "base/pattern.h"
#include "base/record_read.h"

/* The uninstrumented program, run on all its cpus and on one. */
struct price_program {
    double elapsed_ns;
    double *cpu_ns;   /* by thread of the recording */
    double *alone_ns; /* the same on one cpu, where no line is taken from a thread that runs */
    bool alone;       /* alone_ns is known */
    double waited;    /* time on all cpus in which threads waited for one, over cpu_ns */
    /* The share of user time in each: what a line costs is paid there, what waking a thread on
     * another cpu costs is not. */
    double user, alone_user;
    size_t threads;
    unsigned cpus; /* that it may use */
};

/* Distributes the cpu time of a baseline run, `all_ns`, to the recording's threads. By the order of
 * creation where both have the same threads, each one once; else in proportion to what they used in
 * the instrumented run, and returns false: then threads whose accesses slow down unequally are
 * misjudged. */
bool price_threads(const struct recording *recording, const double *plain_ns, size_t threads,
    double all_ns, double *cpu_ns);
/* Does a run on one cpu show what its threads take without each other: it stayed on one, and
 * did not wait there by spinning. */
bool price_is_alone(const struct price_program *program, double alone_elapsed_ns);

/* How often an access of pattern thread `thread` comes: on one cpu where that is known, which is
 * the pace of PATTERN_ALONE, else on all, the pace of PATTERN_SHARED. NaN for one that uses the
 * lines too rarely to lose anything that counts. */
double price_target_ns(
    const struct price_program *program, const struct pattern *pattern, size_t thread);

/* Fills presence[], by pattern thread: for which share of the time that the busiest one uses the
 * lines it does. */
void price_presence(
    const struct price_program *program, const struct pattern *pattern, double *presence);

/* Replayed times of an access, by pattern thread; NaN where it rested. */
struct price_times {
    const double *now, *fixed, *alone;
};
/* Which share of what the threads cost each other in the replay a fix saves; NaN where they cost
 * each other nothing there. */
double price_share(const struct pattern *pattern, const struct price_times *times);

/* What one block found. */
struct price_block {
    double elapsed_ns, fixed_ns; /* of the program as it is, and as it would be: see `happens` */
    double shared_ns, padded_ns; /* of an access and the private work up to the next, over all
                                    threads, as it is and fixed; NaN: of none it is known */
    int32_t place;               /* on which the lines were replayed; STATS_NO_PLACE: none */
    double fit;                  /* time of the shared replay over the program's, of all threads */
};
/* Each adds to saved_ns[], by thread of the recording, what a fix saves: give it zeros, or what
 * other findings save. */
/* `share` of what the threads cost each other in the program, which is what they take on all cpus
 * and not on one. */
void price_save_share(const struct price_program *program, const struct pattern *pattern,
    double share, double *saved_ns, struct price_block *out);
/* Where that is not known: the ratio of the replay's times. */
void price_save_ratio(const struct price_program *program, const struct pattern *pattern,
    const struct price_times *times, double *saved_ns, struct price_block *out);
/* A finding that did not happen: what it would cost, as a negative saving. */
void price_cost_ratio(const struct price_program *program, const struct pattern *pattern,
    const struct price_times *times, double *saved_ns, struct price_block *out);
/* The program's time if each thread took that much less: its longest thread decides, which waits
 * for its cpu for a share of its time, or all of them where cpus are fewer than threads. */
double price_elapsed_ns(const struct price_program *program, const double *saved_ns);

enum price_verdict { PRICE_UNKNOWN, PRICE_GAIN, PRICE_NONE, PRICE_LOSS, PRICE_UNDECIDED };

/* What is reported of a finding. */
struct price {
    bool known;
    struct err why; /* why not */
    bool happens;   /* in the program that is priced; else speed-up is over one in which it does */
    struct interval shared_ns, padded_ns, speedup;
    double fit;       /* median */
    double decide_ns; /* undecided: the --price-time that may decide it; 0: not known */
    enum price_verdict verdict;
};
enum { PRICE_BLOCKS_MIN = 6 /* with fewer there is no interval */ };

/* Folds blocks; the interval is of what was measured. From 6 to 19 blocks it reaches from the least
 * to the most. 0 or -ENOMEM. */
int price_fold(const struct price_block *block, size_t blocks, bool happens, struct price *out);
/* Widens the interval by what the composition itself is wrong by (docs/method.md, "The price of a
 * finding"), and judges it. */
void price_judge(struct price *price);
/* The interval is so narrow that measuring on would change little of what price_judge reports. */
bool price_is_precise(const struct price *price);
/* "fixing it makes the program 2.1 times faster (1.9 to 2.3)" */
void price_text(const struct price *price, char *out, size_t size);

#endif
