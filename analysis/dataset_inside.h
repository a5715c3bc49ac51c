/* SPDX-License-Identifier: MIT
 * What the files of the dataset share; for analysis/dataset*.c only. */
#ifndef ANALYSIS_DATASET_INSIDE_H
#define ANALYSIS_DATASET_INSIDE_H

#include "analysis/dataset.h"
#include "analysis/piece.h"
#include "base/csv.h"
#include "base/sample.h"

struct run_tally;

struct dataset_inside {
    struct pieces pieces;
    struct run_tally *tally; /* one a run: what dataset_runs_finish makes texts of */
    size_t last;             /* the run of the row before */
};

/* Counts the row in its run, and begins one where it is new. NULL when out of memory. */
struct dataset_run *dataset_run_take(
    struct dataset *dataset, const struct sample *row, const char *source);
int dataset_runs_finish(struct dataset *dataset); /* 0 or -ENOMEM */
void dataset_runs_fini(struct dataset *dataset);

/* Takes the records of a stat CSV, the header first, into dataset->stat. */
struct stat_reader;
struct stat_reader *stat_reader_new(const char *name, struct dataset *dataset);
int stat_reader_take(struct stat_reader *reader, const struct csv_record *record, struct err *err);
void stat_reader_free(struct stat_reader *reader);

#endif
