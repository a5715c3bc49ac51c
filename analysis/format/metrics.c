/* SPDX-License-Identifier: MIT
 * Prometheus's text format. */
#include "analysis/format/metrics.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void print_labels(const struct metric_label *label, size_t labels, FILE *out)
{
    const char *separator = "{";
    for (size_t i = 0; i < labels; i++) {
        if (!label[i].value || !*label[i].value)
            continue;
        fprintf(out, "%s%s=\"", separator, label[i].name);
        text_put_escaped(label[i].value, "\\\"", out);
        fputs("\"", out);
        separator = ",";
    }
    if (*separator == ',')
        fputs("}", out);
}

void metrics_add(struct metrics *metrics, const char *name, const char *help,
    const struct metric_label *label, size_t labels, double value)
{
    if (!isfinite(value))
        return;
    if (!metrics->open || strcmp(metrics->open, name) != 0)
        fprintf(metrics->out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
    metrics->open = name;
    fputs(name, metrics->out);
    print_labels(label, labels, metrics->out);
    fprintf(metrics->out, " %.9g\n", value);
}

const char *metric_number(int64_t value, int64_t none, char *out)
{
    if (value == none)
        *out = '\0';
    else
        snprintf(out, METRIC_NUMBER, "%" PRId64, value);
    return out;
}
