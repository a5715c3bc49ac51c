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

/* In which place a replay has to keep the program's pace, and how often an access of pattern thread
 * `thread` comes there. NaN for one that uses the lines too rarely to lose anything that counts. */
enum pattern_place price_place(const struct price_program *program, const struct pattern *pattern);
double price_target_ns(
    const struct price_program *program, const struct pattern *pattern, size_t thread);

/* What one block found. */
struct price_block {
    double elapsed_ns, fixed_ns; /* of the program as it is, and as it would be: see `happens` */
    double shared_ns, padded_ns; /* of an access, over all threads; NaN: none was replayed */
    int32_t place;               /* on which the lines were replayed */
    double fit;                  /* time of the shared replay over the program's, of all threads */
};
/* shared_ns[i], padded_ns[i]: of pattern thread i, NaN where it rested. saved_ns[], by thread of
 * the recording, is added to: give it zeros, or what other findings save. Of a latent finding it is
 * negative. */
void price_save(const struct price_program *program, const struct pattern *pattern,
    const double *shared_ns, const double *padded_ns, double *saved_ns, struct price_block *out);
/* The program's time if each thread took that much less: its longest thread decides, or all of them
 * where cpus are fewer than threads. */
double price_elapsed_ns(const struct price_program *program, const double *saved_ns);

enum price_verdict { PRICE_UNKNOWN, PRICE_GAIN, PRICE_NONE, PRICE_LOSS, PRICE_UNDECIDED };

/* What is reported of a finding. */
struct price {
    bool known;
    struct err why; /* why not */
    bool happens;   /* else speed-up is over a program in which it does */
    struct interval shared_ns, padded_ns, speedup;
    double fit; /* median */
    enum price_verdict verdict;
};
/* Folds blocks. 0 or -ENOMEM. */
int price_fold(const struct price_block *block, size_t blocks, bool happens, struct price *out);
/* "fixing it makes the program 2.1 times faster (1.9 to 2.3)" */
void price_text(const struct price *price, char *out, size_t size);

#endif
