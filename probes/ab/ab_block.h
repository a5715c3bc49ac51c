/* SPDX-License-Identifier: MIT
 * Blocks of `numaprobe ab`: one run of each program and of the first one again, the control, in
 * random order between two canaries. */
#ifndef PROBES_AB_AB_BLOCK_H
#define PROBES_AB_AB_BLOCK_H

#include "base/rng.h"
#include "probes/ab/ab_canary.h"
#include "probes/ab/ab_program.h"

struct ab_series; /* owns canary and runner */

/* `seed`: of the order, and of what --shake shifts. 0 or -errno with err; the arguments must
 * outlive the series. */
int ab_series_new(struct machine *machine, const struct topology *topology,
    const struct ab_setting *setting, uint64_t seed, struct ab_series **series, struct err *err);
void ab_series_free(struct ab_series *series); /* NULL is safe */

/* A program that runs at this time of clock_raw_ns is killed. */
void ab_series_deadline(struct ab_series *series, uint64_t raw_ns);
/* Runs each program `runs` times, without a result. As ab_run_program. */
int ab_warm_up(struct ab_series *series, uint64_t runs, struct err *err);
/* Appends the runs of a block to the session, accepted or not. As ab_run_program, after whose
 * failure nothing is appended; -ENOMEM. */
int ab_block(struct ab_series *series, struct ab_session *session, struct err *err);
/* What is counted in each run, and why what is not. */
const struct ab_runner *ab_series_runner(const struct ab_series *series);
double ab_canary_best_ns(const struct ab_series *series);

#endif
