/* SPDX-License-Identifier: MIT
 * Comparisons of numbers for qsort and bsearch: each returns less than, equal to or greater than 0
 * as strcmp does. Not for NaN. */
#ifndef BASE_COMPARE_H
#define BASE_COMPARE_H

#include <stdint.h>

static inline int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static inline int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static inline int compare_double(double a, double b)
{
    return (a > b) - (a < b);
}

/* The comparison functions themselves, for arrays of numbers. */
static inline int order_doubles(const void *a, const void *b)
{
    return compare_double(*(const double *)a, *(const double *)b);
}

static inline int order_u64(const void *a, const void *b)
{
    return compare_u64(*(const uint64_t *)a, *(const uint64_t *)b);
}

static inline int order_ints(const void *a, const void *b)
{
    return compare_int(*(const int64_t *)a, *(const int64_t *)b);
}

#endif
