/* SPDX-License-Identifier: MIT
 * base/number: the short ways to a number give what strtod gives, to the bit. */
#include "tests/test.h"

#include "base/number.h"
#include "base/rng.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *text)
{
    double value = NAN;
    const double want = strtod(text, NULL);
    const char *end = number_real(text, &value);
    if (!end || *end || memcmp(&value, &want, sizeof value) != 0)
        fail_msg("%s: %.17g is not %.17g", text, value, want);
}

static void test_known(void **state)
{
    (void)state;
    static const char *const text[] = {"0", "-0", "0.000", "1", "-12", "0.5", "1.5e-7", "1e308",
        "5e-324", "123456789012345678", "0.1234567890123456789", "9999999999999999999",
        "18446744073709551616", "0.0000000000000000000000000001", "0.000000000000000000000000001",
        "9007199254740993", "9007199254740993.0", "0.0009839493502322206", "20.02982713143934",
        "00000000000000000000000000012.5", "1.00000000000000011102230246251565",
        "4503599627370497.5", "4503599627370496.5"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        check(text[i]);
}

/* What samples_write prints, and digits cut anywhere, so that some lie near halfway. */
static void test_random(void **state)
{
    (void)state;
    struct rng rng;
    char text[64];
    rng_seed(&rng, 7);
    for (int i = 0; i < 400000; i++) {
        const uint64_t bits = rng_next(&rng);
        const int digits = 10 + (int)rng_below(&rng, 10), point = (int)rng_below(&rng, 24);
        snprintf(text, sizeof text, "%.17g", (double)(bits >> 11) * pow(10, -point));
        check(text);
        snprintf(text, sizeof text, "0.%0*d%.*s", point, 0, digits,
            &"1234567890123456789"[rng_below(&rng, 5)]);
        check(text);
        snprintf(text, sizeof text, "%llu.%llu", (unsigned long long)(bits >> 50),
            (unsigned long long)(bits >> 20));
        check(text);
    }
}

/* Doubles' midpoints, which have one digit too many for 53 bits and fit 64. */
static void test_halfway(void **state)
{
    (void)state;
    struct rng rng;
    char text[64];
    rng_seed(&rng, 8);
    for (int i = 0; i < 100000; i++) {
        const uint64_t odd = (UINT64_C(1) << 53) + 2 * (rng_next(&rng) >> 12) + 1;
        snprintf(text, sizeof text, "%llu", (unsigned long long)odd);
        check(text);
        snprintf(text, sizeof text, "%llu.5", (unsigned long long)(odd / 2));
        check(text);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const text[] = {"", "-", ".5", "nan", "inf", "+1", " 1", "x", "--1"};
    double value;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        errno = 0;
        assert_null(number_real(text[i], &value));
        assert_int_equal(errno, EINVAL);
    }
    assert_null(number_real("1e999", &value));
    assert_int_equal(errno, ERANGE);
    assert_string_equal(number_real("1.5x", &value), "x");
    assert_string_equal(number_real("1.", &value), ".");
}
