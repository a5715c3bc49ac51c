/* SPDX-License-Identifier: MIT
 * What the files of the dataset share; for analysis/dataset/ only. */
#ifndef ANALYSIS_DATASET_DATASET_INTERNAL_H
#define ANALYSIS_DATASET_DATASET_INTERNAL_H

#include "analysis/dataset/dataset.h"
#include "analysis/dataset/run_index.h"
#include "analysis/dataset/trial_fold.h"
#include "base/cpuset.h"

/* More distinct values than these no page shows, and looking for them takes time. */
enum { TALLY_MAX = 64 };

struct text_tally {
    const char *text;
    size_t rows;
};

struct texts_tally {
    struct text_tally *text; /* distinct */
    size_t count;
    bool more; /* than TALLY_MAX */
};

struct layouts_tally {
    struct dataset_layout *at; /* distinct */
    size_t count;
};

/* What the rows of a run add up to. Start from zeros. */
struct run_tally {
    unsigned char cpu[CPUSET_MAX / 8], placed[CPUSET_MAX / 8]; /* a bit a cpu */
    struct dataset_cpu *place; /* of those placed, in the order met */
    size_t places;
    struct texts_tally reasons, verified, mem_nodes, homes;
    int64_t *shards; /* distinct */
    size_t shard_counts;
    bool more_shards;
    struct layouts_tally layouts, loads;
};
int run_tally_add(struct run_tally *tally, const struct sample *row); /* 0 or -ENOMEM */
/* Fills in what dataset_fold does; places and layouts stay the tally's. 0 or -ENOMEM. */
int run_tally_finish(struct run_tally *tally, struct strings *strings, struct dataset_run *run);
void run_tally_fini(struct run_tally *tally);

struct dataset_inside {
    struct trial_folds folds;
    struct run_tally *tally; /* one a run */
    struct run_index *runs;  /* the number of each in dataset->run */
    size_t last;             /* the run of the row before */
};

/* Counts the row in its run, and begins one where it is new. NULL when out of memory. */
struct dataset_run *dataset_run_add(
    struct dataset *dataset, const struct sample *row, const char *source);
int dataset_runs_finish(struct dataset *dataset); /* 0 or -ENOMEM */
void dataset_runs_fini(struct dataset *dataset);

/* Takes the records of a stat CSV, the header first, into dataset->stat. */
struct stat_reader;
struct stat_reader *stat_reader_new(const char *name, struct dataset *dataset);
int stat_reader_add(struct stat_reader *reader, const struct csv_record *record, struct err *err);
void stat_reader_free(struct stat_reader *reader);

#endif
