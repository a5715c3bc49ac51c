/* SPDX-License-Identifier: MIT
 * Decimal numbers in text, for the command line and for CSV. A file of a million rows has some
 * thirty million numbers, so the common short ones are not read by strtod. */
#include "base/number.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { DIGITS = 19 /* always fit in a uint64_t */ };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *fail_number(int code)
{
    errno = code;
    return NULL;
}

const char *number_u64(const char *text, uint64_t *out)
{
    if (!is_digit(*text))
        return fail_number(EINVAL);
    uint64_t value = 0;
    for (; is_digit(*text); text++)
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return fail_number(ERANGE);
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
        return fail_number(ERANGE);
    *out = negative ? (int64_t)-size : (int64_t)size;
    return end;
}

/* The parts of a number: value = digits * 10^-decimals unless it has an
 * exponent or more than DIGITS significant digits. */
struct parts {
    uint64_t digits;
    unsigned count, significant, decimals; /* `significant`: without leading zeros */
    bool exponent;
};

/* In locals, which a write through `parts` would not be: `text` may point to it. */
static const char *scan_digits(const char *text, struct parts *parts)
{
    const char *const from = text;
    uint64_t digits = parts->digits;
    unsigned significant = parts->significant;
    for (; is_digit(*text); text++) {
        significant += significant > 0 || *text != '0';
        if (significant <= DIGITS)
            digits = digits * 10 + (uint64_t)(*text - '0');
    }
    parts->digits = digits;
    parts->significant = significant;
    parts->count += (unsigned)(text - from);
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

static const char *scan_number(const char *text, struct parts *parts)
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
static bool short_value(const struct parts *parts, double *out)
{
    static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (parts->significant > 15 || parts->decimals > 22)
        return false;
    *out = (double)parts->digits / power[parts->decimals];
    return true;
}

/* The same in a long double of 64 bits, where it has them (x86): 19 digits and 10^27 are exact. The
 * second rounding, to a double, goes the wrong way only from halfway between two doubles, which
 * strtod must decide. From there, the point opposite `nearest` is a double as well. */
static bool long_value(const struct parts *parts, double *out)
{
    static const long double power[] = {1e0L, 1e1L, 1e2L, 1e3L, 1e4L, 1e5L, 1e6L, 1e7L, 1e8L, 1e9L,
        1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L, 1e21L, 1e22L,
        1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    if (LDBL_MANT_DIG != 64 || parts->significant > DIGITS || parts->decimals > 27)
        return false;
    const long double value = (long double)parts->digits / power[parts->decimals];
    const double nearest = (double)value;
    const long double opposite = value + (value - nearest);
    *out = nearest;
    return opposite == nearest || opposite != (long double)(double)opposite;
}

const char *number_real(const char *text, double *out)
{
    const bool negative = *text == '-';
    struct parts parts = {0};
    const char *end = scan_number(text + negative, &parts);
    if (!end)
        return fail_number(EINVAL);
    double value;
    if (!parts.exponent && (short_value(&parts, &value) || long_value(&parts, &value))) {
        *out = negative ? -value : value;
        return end;
    }
    value = strtod(text, NULL);
    if (!isfinite(value))
        return fail_number(ERANGE);
    *out = value;
    return end;
}
