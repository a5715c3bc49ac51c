/* SPDX-License-Identifier: MIT
 * Prometheus's text format, as node_exporter's textfile collector reads it. All metrics are gauges:
 * a file has the values of one measurement.
 * https://prometheus.io/docs/instrumenting/exposition_formats/ */
#ifndef ANALYSIS_FORMAT_METRICS_H
#define ANALYSIS_FORMAT_METRICS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct metric_label {
    const char *name, *value; /* NULL or "": the label is left out */
};

struct metrics {
    FILE *out;
    const char *open; /* the metric that the last sample was of; NULL at first */
};

/* Adds a sample; what is not finite was not measured and is left out. All samples of a metric come
 * one after another, and no two have the same labels. */
void metrics_add(struct metrics *metrics, const char *name, const char *help,
    const struct metric_label *label, size_t labels, double value);

enum { METRIC_NUMBER = 24 };
/* Decimal digits; "" for `none`. Fills METRIC_NUMBER bytes and returns them. */
const char *metric_number(int64_t value, int64_t none, char *out);

#endif
