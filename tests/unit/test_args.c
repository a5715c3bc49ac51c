/* SPDX-License-Identifier: MIT
 * base/args and base/number: strict numbers, units, lists, near matches. */
#include "tests/test.h"

#include "base/args.h"
#include "base/number.h"
#include "base/rng.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS(a) (sizeof(a) / sizeof((a)[0]))

static void test_u64(void **state)
{
    (void)state;
    uint64_t value = 5;
    struct err err;
    assert_int_equal(args_u64("--n", "18446744073709551615", 0, UINT64_MAX, &value, &err), 0);
    assert_true(value == UINT64_MAX);
    assert_int_equal(args_u64("--n", "8", 8, 8, &value, &err), 0);
    static const char *const bad[] = {"", " 8", "8 ", "-8", "+8", "8x", "0x8", "8.0", "1e3",
        "18446744073709551616", "99999999999999999999999999", "7", "4097"};
    for (size_t i = 0; i < ITEMS(bad); i++) {
        assert_int_equal(args_u64("--n", bad[i], 8, 4096, &value, &err), -EINVAL);
        assert_non_null(strstr(err.text, "--n: "));
        assert_non_null(strstr(err.text, "8 to 4096"));
        assert_true(value == 8);
    }
}

static void test_duration(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double ns;
    } good[] = {{"250", 250e3}, {"250ns", 250}, {"1.5us", 1500}, {"2µs", 2000}, {"2μs", 2000},
        {"2ms", 2e6}, {"30s", 30e9}, {"2min", 120e9}, {"0", 0}, {"1e3ns", 1000},
        {"1000000000s", 1e18}, {"1e-400ns", 0}};
    double ns;
    struct err err;
    for (size_t i = 0; i < ITEMS(good); i++) {
        assert_int_equal(args_duration_ns("--gap", good[i].text, 1e3, &ns, &err), 0);
        assert_true(ns == good[i].ns);
    }
    static const char *const bad[] = {"", "s", "-1s", "-1e999s", "1 s", " 1s", "1h", "1S", "1nss",
        "inf", "nan", "0x1p3", "1e999s", "1000000001s", ".5s", "1e-400parsecs", "1,5s"};
    for (size_t i = 0; i < ITEMS(bad); i++) {
        assert_int_equal(args_duration_ns("--gap", bad[i], 1, &ns, &err), -EINVAL);
        assert_non_null(strstr(err.text, "--gap: "));
    }
}

static void test_share(void **state)
{
    (void)state;
    double share;
    struct err err;
    assert_int_equal(args_share("--precision", "1%", &share, &err), 0);
    assert_true(share == 0.01);
    assert_int_equal(args_share("--precision", "0.01", &share, &err), 0);
    assert_true(share == 0.01);
    assert_int_equal(args_share("--precision", "100%", &share, &err), 0);
    assert_true(share == 1);
    static const char *const bad[] = {"", "0", "0%", "101%", "1.01", "-1%", "%", "1%%", "nan",
        "5 %", "1", "0.1", "0.5", "5", "100", "1e999"};
    for (size_t i = 0; i < ITEMS(bad); i++)
        assert_int_equal(args_share("--precision", bad[i], &share, &err), -EINVAL);
    assert_non_null(strstr(err.text, "such as 1% or 0.01"));
}

static void test_words(void **state)
{
    (void)state;
    struct words words;
    struct err err;
    assert_int_equal(args_words("--op", "add,store-fence,cas", &words, &err), 0);
    assert_int_equal(words.count, 3);
    assert_string_equal(words.word[0], "add");
    assert_string_equal(words.word[1], "store-fence");
    assert_string_equal(words.word[2], "cas");
    words_fini(&words);
    words_fini(&words);
    static const char *const bad[] = {"", ",", "a,", ",a", "a,,b"};
    for (size_t i = 0; i < ITEMS(bad); i++) {
        assert_int_equal(args_words("--op", bad[i], &words, &err), -EINVAL);
        assert_null(words.word);
        assert_int_equal(words.count, 0);
    }
}

static const char *const known[] = {
    "counter", "lock", "mixed", "ring", "shard", "store", "store-fence", "rmw"};

static void check_near(const char *word, const char *want)
{
    char text[64];
    args_near(word, known, ITEMS(known), text, sizeof(text));
    assert_string_equal(text, want);
}

static void test_near(void **state)
{
    (void)state;
    check_near("conter", "'counter'");
    check_near("CUONTER", "'counter'");
    check_near("sto", "'store' or 'store-fence'");
    check_near("storefence", "'store' or 'store-fence'");
    check_near("rwm", "'rmw'");
    check_near("lick", "'lock'");
    check_near("count", "'counter'");
    check_near("counters", "'counter'");
    check_near("rin", "'ring'");
    check_near("banana", "");
    check_near("x", "");
    check_near("", "");
    char word[200];
    memset(word, 'r', sizeof(word));
    word[sizeof(word) - 1] = '\0';
    check_near(word, "");
}

static void test_near_in_small_room(void **state)
{
    (void)state;
    static const char *const many[] = {"abc1", "abc2", "abc3", "abc4"};
    char text[64] = "unchanged";
    args_near("abc", many, ITEMS(many), text, sizeof(text));
    assert_string_equal(text, "'abc1', 'abc2' or 'abc3'");
    args_near("abc", many, ITEMS(many), text, 5);
    assert_string_equal(text, "'abc");
    args_near("abc", many, ITEMS(many), text, 0);
    assert_string_equal(text, "'abc");
    args_near("abc", many, 0, text, sizeof(text));
    assert_string_equal(text, "");
}

static void test_choice(void **state)
{
    (void)state;
    struct err err;
    assert_int_equal(args_choice("--layout", "layout", "lock", known, ITEMS(known), &err), 1);
    assert_int_equal(
        args_choice("--layout", "layout", "conter", known, ITEMS(known), &err), -ENOENT);
    assert_string_equal(err.text,
        "--layout: unknown layout 'conter'; did you mean 'counter'; known: "
        "counter, lock, mixed, ring, shard, store, store-fence, rmw");
    assert_int_equal(args_choice("--layout", "layout", "banana", known, 2, &err), -ENOENT);
    assert_string_equal(err.text, "--layout: unknown layout 'banana'; known: counter, lock");
}

static void test_signed_limits(void **state)
{
    (void)state;
    int64_t value;
    assert_non_null(number_i64("-9223372036854775808", &value));
    assert_true(value == INT64_MIN);
    assert_non_null(number_i64("9223372036854775807x", &value));
    assert_true(value == INT64_MAX);
    assert_null(number_i64("9223372036854775808", &value));
    assert_null(number_i64("-9223372036854775809", &value));
    assert_null(number_i64("-", &value));
    assert_null(number_i64("--1", &value));
}

/* The short way must give the very double that strtod gives. */
static void test_real_is_exact(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 7);
    for (int i = 0; i < 200000; i++) {
        char text[64];
        const double sign = rng_below(&rng, 2) ? 1 : -1;
        const double value = sign * ldexp((double)rng_next(&rng), (int)rng_below(&rng, 80) - 90);
        snprintf(text, sizeof(text), rng_below(&rng, 4) ? "%.*g" : "%.*f",
            1 + (int)rng_below(&rng, 17), value);
        double got;
        const char *end = number_real(text, &got);
        assert_non_null(end);
        assert_int_equal(*end, '\0');
        const double want = strtod(text, NULL);
        assert_memory_equal(&got, &want, sizeof(got));
    }
}

static void test_real_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rest;
    } good[] = {{"1.", "."}, {"1.5.2", ".2"}, {"1e", "e"}, {"1e+", "e+"}, {"1e5x", "x"},
        {"0x1", "x1"}, {"00000000000000000000000000.5", ""},
        {"0.0000000000000000000000000000001", ""}};
    for (size_t i = 0; i < ITEMS(good); i++) {
        double value;
        assert_string_equal(number_real(good[i].text, &value), good[i].rest);
    }
}
