/* SPDX-License-Identifier: MIT
 * The contents of CSV files of numaprobe, folded as they are read: never all rows at once. Reads
 * those of run, matrix, costs, maps and stat, in any mixture and order, also several joined in one
 * file.
 */
#ifndef ANALYSIS_DATASET_DATASET_H
#define ANALYSIS_DATASET_DATASET_H

#include "analysis/dataset/summary.h"

/* Where a cpu is; SAMPLE_NONE if unknown: a row of a pair places only one of the two. */
struct dataset_cpu {
    int64_t cpu, core, l3, package, node;
};

/* A layout, strategy or load of the user's own, and the file that --layout, --strategy or --load
 * was given. */
struct dataset_layout {
    const char *name, *file;
};

/* One run of run, matrix, costs or maps: rows with the same run_id and host. The description of a
 * run is taken from its first row. Texts are owned by the dataset, equal texts share one address,
 * and empty cells are "". */
struct dataset_run {
    const char *source; /* the file it was first read from */
    const char *node;   /* of `fleet collect`, or the host */
    const char *run_id, *started_at, *host, *cpu_model, *arch, *kernel, *hypervisor, *version;
    const char *instrument; /* "run" for files from before that column */
    const char *mode, *pages, *mem_node, *prefetchers, *settings;
    const char *counters, *counters_reason;
    const char *protocol; /* of the canary */
    int64_t seed, threads;
    double clock_overhead_ns, clock_resolution_ns;
    size_t rows, rejected;
    /* Set by dataset_fold, of all rows: */
    size_t unverified;               /* of `rows` */
    const char *cpus;                /* that took part, as "0-3,8" */
    const struct dataset_cpu *place; /* of these `places` cpus, ascending */
    size_t places;
    const char *verified; /* how: "move_pages", or "move_pages (40), unverified (2)" rows */
    const char *mem_nodes, *homes, *shards; /* distinct ones in the order met, as "0, 1" */
    const char *reject_reason;              /* the commonest; "" for none */
    const struct dataset_layout *layout;    /* the `layouts` that are not built in */
    size_t layouts;
    const struct dataset_layout *load; /* the `loads` of maps that are not built in */
    size_t loads;
};

/* A row of numaprobe stat or scripts/perf-stat, with its columns. */
struct dataset_stat {
    const char *source, *tool, *host, *cpu_model, *kernel, *command;
    double seconds;      /* NaN where empty, as `share` */
    int64_t status, cpu; /* SAMPLE_NONE where empty, as `count` */
    const char *role, *event, *scope;
    int64_t count;
    double share;
    const char *reason;
};

struct dataset {
    /* The most nodes to read: beyond it dataset_read returns -E2BIG. 0: any number. */
    size_t nodes_most, nodes;
    struct dataset_run *run; /* in the order of their first rows */
    size_t runs;
    struct dataset_stat *stat; /* in the order of the files */
    size_t stats;
    struct summary summary; /* empty before dataset_fold */
    struct strings *strings;
    struct dataset_inside *inside;
};

/* Appends the rows of a file; start from a dataset of zeros. A header (column `tool`: stat; else
 * run, matrix and costs) may come again and change the kind. -EINVAL with file and line for what is
 * not such a CSV, -EIO, -ENOMEM; after that only dataset_fini may be called. */
int dataset_read(FILE *in, const char *name, struct dataset *dataset, struct err *err);
/* The same for more runs than should be in memory: each is handed to `fn` as soon as a row of
 * another run comes or the file ends, as a dataset of this run, folded, whose texts are those of
 * `dataset`. Rows of stat go into `dataset`. A non-zero result of `fn` ends the reading with that
 * value. On an error the run that was being read is left out; -EINVAL also for a file that is cut
 * off. */
typedef int dataset_run_fn(void *context, const struct dataset *run, struct err *err);
int dataset_read_runs(FILE *in, const char *name, struct dataset *dataset, dataset_run_fn *fn,
    void *context, struct err *err);
/* Appends the rows of stat of another dataset; their texts are copied. 0 or -ENOMEM. */
int dataset_add_stats(struct dataset *dataset, const struct dataset *from);
/* Folds all rows read into `summary`; nothing can be read after it. 0 or -ENOMEM. */
int dataset_fold(struct dataset *dataset, struct err *err);
void dataset_fini(struct dataset *dataset); /* zeros are safe */

/* The run that an estimate or regime of the summary belongs to. */
const struct dataset_run *dataset_run_of(
    const struct dataset *dataset, const char *run_id, const char *host);

#endif
