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
    bool is_stat, any; /* kind of the rows that follow; a header was seen */
};

static int out_of_memory(struct err *err)
{
    return err_set(err, -ENOMEM, "out of memory for what the files hold");
}

static int on_sample(void *context, const struct sample *row, struct err *err)
{
    const struct reading *r = context;
    struct dataset *d = r->dataset;
    struct dataset_run *run = dataset_run_add(d, row, r->name);
    if (!run || trial_folds_add(&d->inside->folds, row) != 0)
        return out_of_memory(err);
    return 0;
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
    r->any = true;
    return r->is_stat ? stat_reader_add(r->stats, record, err)
                      : sample_reader_add(r->samples, record, err);
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

int dataset_read(FILE *in, const char *name, struct dataset *dataset, struct err *err)
{
    if (open_dataset(dataset))
        return out_of_memory(err);
    struct reading r = {.dataset = dataset, .name = strings_intern(dataset->strings, name)};
    r.samples = sample_reader_new(name, dataset->strings, on_sample, &r);
    r.stats = stat_reader_new(name, dataset);
    int code = r.name && r.samples && r.stats ? csv_read(in, name, on_record, &r, err)
                                              : out_of_memory(err);
    if (!code && !r.any)
        code = err_set(err, -EINVAL, "%s:1: empty: there is no header line", name);
    sample_reader_free(r.samples);
    stat_reader_free(r.stats);
    return code;
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
