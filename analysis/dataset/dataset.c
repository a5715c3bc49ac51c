/* SPDX-License-Identifier: MIT
 * Distinguishes the two kinds of CSV and stores the description of each run. */
#include "analysis/dataset/dataset.h"

#include "analysis/dataset/dataset_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct dataset *dataset;
    const char *name;
    struct sample_reader *samples;
    struct stat_reader *stats;
    dataset_run_fn *fn; /* takes each run; NULL: all go into `dataset` */
    void *context;
    struct dataset one; /* the run that is being read, for `fn` */
    bool is_stat, any;  /* kind of the rows that follow; a header was seen */
};

static int out_of_memory(struct err *err)
{
    return err_set(err, -ENOMEM, "out of memory for what the files hold");
}

static int open_dataset(struct dataset *d)
{
    if (!d->strings)
        d->strings = strings_new();
    if (d->strings && !d->inside) {
        d->inside = calloc(1, sizeof *d->inside);
        return d->inside ? trial_folds_init(&d->inside->folds) : -ENOMEM;
    }
    return d->strings ? 0 : -ENOMEM;
}

static int add_sample(
    struct dataset *d, const struct sample *row, const char *name, struct err *err)
{
    struct dataset_run *run = dataset_run_add(d, row, name);
    if (!run || trial_folds_add(&d->inside->folds, row) != 0)
        return out_of_memory(err);
    return d->nodes_most && d->nodes > d->nodes_most
               ? err_set(err, -E2BIG, "%s: rows of more than %zu hosts", name, d->nodes_most)
               : 0;
}

/* The texts are those of the whole. */
static void drop_run(struct reading *r)
{
    r->one.strings = NULL;
    dataset_fini(&r->one);
}

static int finish_run(struct reading *r, struct err *err)
{
    int code = 0;
    if (r->one.runs)
        code = dataset_fold(&r->one, err);
    if (!code && r->one.runs)
        code = r->fn(r->context, &r->one, err);
    drop_run(r);
    return code;
}

static bool is_same_run(const struct dataset *d, const struct sample *row)
{
    return compare_text(d->run->run_id, row->run_id ? row->run_id : "") == 0 &&
           compare_text(d->run->host, row->host ? row->host : "") == 0;
}

static int on_sample(void *context, const struct sample *row, struct err *err)
{
    struct reading *r = context;
    if (!r->fn)
        return add_sample(r->dataset, row, r->name, err);
    const int code = r->one.runs && !is_same_run(&r->one, row) ? finish_run(r, err) : 0;
    r->one.strings = r->dataset->strings;
    if (!code && open_dataset(&r->one))
        return out_of_memory(err);
    return code ? code : add_sample(&r->one, row, r->name, err);
}

/* Looks only where the record differs from the one before, as a header does from a row. */
static bool has_word(const struct csv_record *record, const char *word)
{
    for (size_t i = 0; i < record->changes; i++) {
        const char *const text = record->text[record->changed[i]];
        if (*text == *word && strcmp(text, word) == 0)
            return true;
    }
    return false;
}

static int add_record(struct reading *r, const struct csv_record *record, struct err *err)
{
    r->any = true;
    return r->is_stat ? stat_reader_add(r->stats, record, err)
                      : sample_reader_add(r->samples, record, err);
}

static int on_record(void *context, const struct csv_record *record, struct err *err)
{
    struct reading *r = context;
    if (record->count && strcmp(record->text[0], "ab_schema") == 0)
        return err_set(err, -EINVAL,
            "%s:%zu: this is a CSV of 'numaprobe ab'; join such files by 'numaprobe ab --sessions'",
            r->name, record->line);
    if (has_word(record, "tool") && has_word(record, "role"))
        r->is_stat = true;
    else if (has_word(record, "schema") && has_word(record, "run_id"))
        r->is_stat = false;
    else
        return add_record(r, record, err);
    /* A header: what follows it is another run, also where its name is the same. */
    const int code = finish_run(r, err);
    return code ? code : add_record(r, record, err);
}

/* The last line of every CSV of numaprobe has an end; a file that lacks it was cut off. */
static bool is_whole(FILE *in)
{
    const long at = ftell(in);
    if (at < 0 || fseek(in, -1, SEEK_END) != 0)
        return true;
    const int last = fgetc(in);
    return fseek(in, at, SEEK_SET) == 0 && last == '\n';
}

static int read_all(struct reading *r, FILE *in, const char *name, struct err *err)
{
    struct dataset *const d = r->dataset;
    r->name = strings_intern(d->strings, name);
    r->samples = sample_reader_new(name, d->strings, on_sample, r);
    r->stats = stat_reader_new(name, d);
    int code = r->name && r->samples && r->stats ? csv_read(in, name, on_record, r, err)
                                                 : out_of_memory(err);
    if (!code && !r->any)
        code = err_set(err, -EINVAL, "%s:1: empty: there is no header line", name);
    sample_reader_free(r->samples);
    stat_reader_free(r->stats);
    return code;
}

int dataset_read_runs(FILE *in, const char *name, struct dataset *dataset, dataset_run_fn *fn,
    void *context, struct err *err)
{
    struct reading r = {.dataset = dataset, .fn = fn, .context = context};
    if (open_dataset(dataset))
        return out_of_memory(err);
    const bool whole = is_whole(in);
    int code = read_all(&r, in, name, err);
    if (!code && !whole)
        code = err_set(err, -EINVAL, "%s: it is cut off: its last line has no end", name);
    if (!code)
        code = finish_run(&r, err);
    drop_run(&r);
    return code;
}

int dataset_read(FILE *in, const char *name, struct dataset *dataset, struct err *err)
{
    if (open_dataset(dataset))
        return out_of_memory(err);
    struct reading r = {.dataset = dataset};
    return read_all(&r, in, name, err);
}

int dataset_fold(struct dataset *dataset, struct err *err)
{
    if (open_dataset(dataset) || dataset_runs_finish(dataset) ||
        summary_fold(&dataset->inside->folds, &dataset->summary))
        return out_of_memory(err);
    trial_folds_fini(&dataset->inside->folds); /* most of the memory */
    return 0;
}

void dataset_fini(struct dataset *dataset)
{
    summary_fini(&dataset->summary);
    if (dataset->inside) {
        dataset_runs_fini(dataset);
        trial_folds_fini(&dataset->inside->folds);
    }
    free(dataset->inside);
    free(dataset->run);
    free(dataset->stat);
    strings_free(dataset->strings);
    *dataset = (struct dataset){0};
}
