/* SPDX-License-Identifier: MIT
 * One row of the CSV: what one thread did in one trial of one variant. The columns are
 * described once, in sample_columns; the writer, the reader and `numaprobe schema` all walk that
 * table. */
#ifndef BASE_SAMPLE_H
#define BASE_SAMPLE_H

#include "base/csv.h"
#include "base/err.h"
#include "base/event.h"
#include "base/strings.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { SAMPLE_SCHEMA = 1, SAMPLE_TEXT = 64 };

/* Not measured is not zero: NaN in a double, SAMPLE_NONE in an int64_t, "" or NULL in a text. All
 * three are empty cells. */
#define SAMPLE_NONE INT64_MIN

struct sample {
    int64_t schema;
    /* Texts are not owned: they live as long as the run, or as the samples they were read into. */
    const char *run_id, *started_at, *host, *cpu_model, *arch, *kernel, *hypervisor, *version;
    int64_t seed;
    const char *layout;  /* "isolated" for the reference */
    int64_t align_bytes; /* SAMPLE_NONE for the reference */
    const char *reference_for;
    const char *op, *role, *mode;
    double gap_ns;
    int64_t shards;
    const char *pages;
    int64_t threads, thread, cpu, core, l3, package, node;
    const char *mem_node, *mem_verified;
    int64_t trial, block, regime;
    double canary_ns;
    const char *prefetchers;
    int64_t ops;
    double seconds, ns_per_op;
    double lat_min_ns, lat_p50_ns, lat_p90_ns, lat_p99_ns, lat_p999_ns, lat_max_ns;
    double clock_overhead_ns, clock_resolution_ns;
    double steal_ns;
    int64_t accepted;
    const char *reject_reason;
    /* One column a role, empty where it was not counted, with the reason. */
    const char *counters, *counters_reason;
    int64_t count[EVENT_ROLES];
    double share[EVENT_HARDWARE]; /* of the counted window that the event ran; counts are scaled */
    int64_t counted_ops;          /* in the counted window, which is longer than the common one */
    const char *distance;         /* between the farthest two of the trial's cpus */
    const char *twin;             /* "a" or "b" in a self-test */
    const char *lat_reason;       /* why the lat_ columns are empty */
    double canary_after_ns;
    const char *protocol;   /* what the canary does; values of two protocols do not compare */
    const char *instrument; /* "run", "matrix" or "costs"; "" in files older than it: run */
    /* Of matrix and costs, whose rows each belong to one cpu and its peer: */
    int64_t peer;      /* the other cpu; SAMPLE_NONE for none */
    const char *state; /* in which the peer left the line */
    const char *home;  /* whose memory it is */
    int64_t beside;    /* pairs measured at the same time, this one included */
    int64_t transfers; /* changes of the line's owner that this thread saw */
    int64_t place;     /* which of the pages taken in turn; SAMPLE_NONE in files older than it */
    const char *pages_got;   /* what the memory has, where `pages` is what was asked for */
    const char *layout_file; /* of the user's own layout, as given; "" for one that is built in */
    const char *cpu_kind;    /* kind of the core; "" where all are of one, and in older files */
    /* Of maps, whose layout is the strategy and whose op is the load: */
    const char *load_file; /* of the user's own load, as given; "" for one that is built in */
    int64_t keys, value_bytes;
    int64_t writes, allocations, iterations; /* of the thread, since it joined */
    double iterate_ns;                       /* the mean of one */
    int64_t snapshot;                        /* 1: what it saw is of one moment */
    /* Of the whole map, in the row of thread 0: */
    double full_bytes, emptied_bytes;
    double freed_after_ns, freed_after_most_ns;
    int64_t promotions;
    double promoting_ns, promoting_most_ns;
    int64_t clients;   /* dealt out to the threads; SAMPLE_NONE: each thread is one */
    int64_t gc_pauses; /* of strategies in Go */
    double gc_paused_ns, gc_paused_most_ns;
    const char *go_version; /* of the row's strategy; "" for one that is not in Go */
    int64_t go_locked;      /* 1: its goroutines are locked to threads; 0: they may change them */
    const char *load;       /* what the load is, and ops between two reports of quiescence; "" */
    int64_t
        client_threads; /* 1: each client is an OS thread; 0: dealt out; SAMPLE_NONE: as clients */
    const char *settings; /* of the machine: "nodes=0-1 cpus=0-63 smt=on …" */
    /* Which node it is of, in files that `fleet collect` joined; read and not written. */
    const char *fleet_node;
};

enum sample_type { SAMPLE_TYPE_TEXT, SAMPLE_TYPE_INT, SAMPLE_TYPE_REAL };

struct sample_column {
    const char *name;
    enum sample_type type;
    size_t offset;    /* of the member in struct sample */
    const char *unit; /* "" for a label */
    const char *meaning;
};
extern const struct sample_column sample_columns[];
extern const size_t sample_column_count;
extern const struct sample_column sample_node_column; /* of files that `fleet collect` joined */

struct samples {
    struct sample *row;
    size_t count, capacity;
    struct strings *strings; /* owns the texts that a reader copied; NULL for samples of a run */
};

/* A row with every cell empty. */
void sample_clear(struct sample *sample);
int samples_push(struct samples *samples, const struct sample *sample); /* 0 or -ENOMEM */
void samples_fini(struct samples *samples);

/* Header line and one record for each row. Write errors show in ferror(out). */
void samples_write(const struct samples *samples, FILE *out);
/* The same row by row, for more rows than should be in memory. */
void samples_write_header(FILE *out);
void sample_write(const struct sample *sample, FILE *out);
/* Appends the rows of a CSV. A column that this version does not know is skipped; a missing
 * column, an invalid number and another schema are errors that name file and line: -EINVAL. On any
 * error no row is appended. A header may appear again, as it does in files joined by cat. */
int samples_read(FILE *in, const char *name, struct samples *samples, struct err *err);

/* The same row by row, for files too large to keep: a reader takes the records of csv_read and
 * hands each row to `fn`. The row is valid during the call; `strings` owns its texts. A
 * non-zero result ends the reading with that value. */
typedef int sample_fn(void *context, const struct sample *row, struct err *err);
struct sample_reader;
/* `name`, of the file, is not copied. NULL when out of memory. */
struct sample_reader *sample_reader_new(
    const char *name, struct strings *strings, sample_fn *fn, void *context);
/* Needs all records from the header on, in their order, since a record lists what changed; when
 * records were left out, the next one must be a header. -EINVAL as samples_read, -ENOMEM, or what
 * `fn` returned. */
int sample_reader_add(
    struct sample_reader *reader, const struct csv_record *record, struct err *err);
void sample_reader_free(struct sample_reader *reader); /* NULL is safe */

#endif
