/* SPDX-License-Identifier: MIT
 * Comparisons in which empty cells are equal, and the cells of a row that stand for another. */
#include "analysis/dataset/cell_compare.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

int compare_text(const char *a, const char *b)
{
    if (a == b)
        return 0;
    return strcmp(a ? a : "", b ? b : "");
}

int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int compare_real(double a, double b)
{
    if (isnan(a) || isnan(b))
        return !isnan(a) - !isnan(b);
    return (a > b) - (a < b);
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
    return row->peer == SAMPLE_NONE ? SAMPLE_NONE : row->cpu;
}
