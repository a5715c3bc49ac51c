/* SPDX-License-Identifier: MIT
 * Decimal numbers in text, for the command line and for CSV. A file of a million rows has some
 * thirty million numbers, so that the common short ones do not go through strtod. */
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *fail(int code)
{
    errno = code;
    return NULL;
}

const char *number_u64(const char *text, uint64_t *out)
{
    if (!is_digit(*text))
        return fail(EINVAL);
    uint64_t value = 0;
    for (; is_digit(*text); text++)
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return fail(ERANGE);
    *out = value;
    return text;
}

const char *number_i64(const char *text, int64_t *out)
{
    const bool negative = *text == '-';
    uint64_t size;
    const char *end = number_u64(text + negative, &size);
    if (!end)
        return NULL;
    if (size > (uint64_t)INT64_MAX + negative)
        return fail(ERANGE);
    *out = negative ? (int64_t)-size : (int64_t)size;
    return end;
}

/* What the grammar of a number gives: value = digits * 10^-decimals where `exact`. */
struct parts {
    uint64_t digits;
    unsigned count,
        decimals; /* `count` includes leading zeros: those numbers only lose the short way */
    bool exponent;
};

static const char *scan_digits(const char *text, struct parts *parts)
{
    for (; is_digit(*text); text++, parts->count++)
        if (parts->count < 18)
            parts->digits = parts->digits * 10 + (uint64_t)(*text - '0');
    return text;
}

static const char *scan_exponent(const char *text, struct parts *parts)
{
    if (*text != 'e' && *text != 'E')
        return text;
    const char *digit = text + 1 + (text[1] == '-' || text[1] == '+');
    if (!is_digit(*digit))
        return text;
    parts->exponent = true;
    while (is_digit(*digit))
        digit++;
    return digit;
}

static const char *scan(const char *text, struct parts *parts)
{
    const char *end = scan_digits(text, parts);
    if (end == text)
        return NULL;
    if (*end == '.' && is_digit(end[1])) {
        const unsigned before = parts->count;
        end = scan_digits(end + 1, parts);
        parts->decimals = parts->count - before;
    }
    return scan_exponent(end, parts);
}

/* Up to 15 digits and 10^22 are exact in a double, so that the one division rounds correctly
 * (Clinger, "How to read floating point numbers accurately", PLDI 1990). */
static double short_value(const struct parts *parts)
{
    static const double power[] = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    return (double)parts->digits / power[parts->decimals];
}

const char *number_real(const char *text, double *out)
{
    const bool negative = *text == '-';
    struct parts parts = {0};
    const char *end = scan(text + negative, &parts);
    if (!end)
        return fail(EINVAL);
    if (parts.count <= 15 && !parts.exponent) {
        *out = negative ? -short_value(&parts) : short_value(&parts);
        return end;
    }
    const double value = strtod(text, NULL);
    if (!isfinite(value))
        return fail(ERANGE);
    *out = value;
    return end;
}
