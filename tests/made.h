/* SPDX-License-Identifier: MIT
 * Datasets made up for the tests of panels and report: rows written as a CSV and read again. */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include "analysis/dataset/dataset.h"
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

enum { MADE_BLOCKS = 24 };

static inline struct sample made_row(const char *instrument, int64_t block)
{
    struct sample row;
    sample_clear(&row);
    row.schema = SAMPLE_SCHEMA;
    row.run_id = "0123456789abcdef";
    row.host = "box";
    row.cpu_model = "cpu9";
    row.instrument = instrument;
    row.layout = "counter";
    row.op = "add";
    row.role = "adder";
    row.mode = "latency";
    row.distance = "same L3";
    row.gap_ns = 0;
    row.threads = 1;
    row.cpu = row.thread = 0;
    row.block = row.trial = block;
    row.regime = 0;
    row.canary_ns = 80;
    row.seed = 1;
    row.accepted = 1;
    return row;
}

/* `ns` in the middle of the blocks, from 1% less to 1% more. */
static inline void made_push(struct samples *samples, struct sample row, double ns)
{
    row.ops = 1000;
    row.seconds = ns * (1 + 0.01 * (double)(row.block % 3 - 1)) * 1e-6;
    row.trial = (int64_t)samples->count;
    assert_int_equal(samples_push(samples, &row), 0);
}

/* Isolated, 8 and 64 B of one op in all blocks; `base` says the rest. */
static inline void made_variants(
    struct samples *samples, struct sample base, double isolated, double packed, double padded)
{
    static const int64_t align[] = {SAMPLE_NONE, 8, 64};
    const double ns[] = {isolated, packed, padded};
    for (base.block = 0; base.block < MADE_BLOCKS; base.block++)
        for (int v = 0; v < 3; v++) {
            struct sample row = base;
            row.align_bytes = align[v];
            row.layout = v ? base.layout : "isolated";
            row.reference_for = v ? "" : base.layout;
            made_push(samples, row, ns[v]);
        }
}

/* Ends the samples. */
static inline struct dataset made_dataset(struct samples *samples)
{
    struct dataset dataset = {0};
    struct err err = {0};
    FILE *const file = tmpfile();
    assert_non_null(file);
    samples_write(samples, file);
    samples_fini(samples);
    rewind(file);
    if (dataset_read(file, "made.csv", &dataset, &err) || dataset_fold(&dataset, &err))
        fail_msg("%s", err.text);
    fclose(file);
    return dataset;
}

static inline void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in: %s", part, text);
}

static inline void lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' is in: %s", part, text);
}

#endif
