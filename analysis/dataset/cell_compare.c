/* SPDX-License-Identifier: MIT
 * Comparisons in which empty cells are equal, and cells that replace another one. */
#include "analysis/dataset/cell_compare.h"

#include <math.h>
#include <string.h>

int compare_text(const char *a, const char *b)
{
    if (a == b)
        return 0;
    return strcmp(a ? a : "", b ? b : "");
}

int compare_real(double a, double b)
{
    if (isnan(a) || isnan(b))
        return !isnan(a) - !isnan(b);
    return compare_double(a, b);
}

int compare_texts(const char *const (*pair)[2], size_t count)
{
    int order = 0;
    for (size_t i = 0; i < count && order == 0; i++)
        order = compare_text(pair[i][0], pair[i][1]);
    return order;
}

int compare_ints(const int64_t (*pair)[2], size_t count)
{
    int order = 0;
    for (size_t i = 0; i < count && order == 0; i++)
        order = compare_int(pair[i][0], pair[i][1]);
    return order;
}

bool compare_run(const char *run_id, const char *host, const char *run_id2, const char *host2)
{
    return compare_text(run_id, run_id2) == 0 && compare_text(host, host2) == 0;
}

static bool is_isolated(const struct sample *row)
{
    return compare_text(row->layout, "isolated") == 0;
}

const char *row_family(const struct sample *row)
{
    return is_isolated(row) ? row->reference_for : row->layout;
}

int64_t row_align(const struct sample *row)
{
    return is_isolated(row) ? SAMPLE_NONE : row->align_bytes;
}

int64_t row_cpu(const struct sample *row)
{
    const bool is_memory = row->instrument && strcmp(row->instrument, "memory") == 0;
    return row->peer == SAMPLE_NONE && !is_memory ? SAMPLE_NONE : row->cpu;
}
