/* SPDX-License-Identifier: MIT
 * base/cpuset: what Linux writes is read, what is wrong is named, and format is the inverse of
 * parse. */
#include "tests/test.h"

#include "base/cpuset.h"
#include "base/rng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS(a) (sizeof(a) / sizeof((a)[0]))

static void check(const char *text, const unsigned *cpu, size_t count)
{
    struct cpuset set;
    struct err err = {0};
    assert_int_equal(cpuset_parse(text, &set, &err), 0);
    assert_int_equal(set.count, count);
    assert_memory_equal(set.cpu, cpu, count * sizeof(*cpu));
    cpuset_fini(&set);
    assert_null(set.cpu);
    assert_int_equal(set.count, 0);
}

static void test_good_lists(void **state)
{
    (void)state;
    check("0", (unsigned[]){0}, 1);
    check("0,2-5,8-14:2", (unsigned[]){0, 2, 3, 4, 5, 8, 10, 12, 14}, 9);
    check("3,1,2", (unsigned[]){3, 1, 2}, 3);
    check("5-5", (unsigned[]){5}, 1);
    check("1-8:3", (unsigned[]){1, 4, 7}, 3);
    check("1-4:99999999999999999999999", (unsigned[]){1}, 1);
    check("007", (unsigned[]){7}, 1);
    check("8191", (unsigned[]){8191}, 1);
    check(" 0-1\n", (unsigned[]){0, 1}, 2);
}

static void test_bad_lists(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
    } bad[] = {
        {"", -EINVAL},
        {" \n", -EINVAL},
        {",", -EINVAL},
        {"0,", -EINVAL},
        {",0", -EINVAL},
        {"0,,1", -EINVAL},
        {"0-", -EINVAL},
        {"-1", -EINVAL},
        {"+1", -EINVAL},
        {"3-1", -EINVAL},
        {"1-4:0", -EINVAL},
        {"1-4:", -EINVAL},
        {"1:2", -EINVAL},
        {"1-2-3", -EINVAL},
        {"0, 1", -EINVAL},
        {"0 1", -EINVAL},
        {"0x1", -EINVAL},
        {"a", -EINVAL},
        {"1-a", -EINVAL},
        {"0-10:2/4", -EINVAL},
        {"1.5", -EINVAL},
        {"8192", -ERANGE},
        {"0-8192", -ERANGE},
        {"18446744073709551616", -ERANGE},
        {"99999999999999999999999999", -ERANGE},
        {"0-18446744073709551615", -ERANGE},
        {"0,0", -EEXIST},
        {"0-3,2", -EEXIST},
    };
    for (size_t i = 0; i < ITEMS(bad); i++) {
        struct cpuset set = {.count = 99};
        struct err err = {0};
        assert_int_equal(cpuset_parse(bad[i].text, &set, &err), bad[i].code);
        assert_int_equal(err.code, bad[i].code);
        assert_true(strlen(err.text) > 10);
        assert_null(set.cpu);
        assert_int_equal(set.count, 0);
    }
}

static void test_messages(void **state)
{
    (void)state;
    struct cpuset set;
    struct err err;
    cpuset_parse("0-3,2", &set, &err);
    assert_non_null(strstr(err.text, "cpu 2 twice"));
    cpuset_parse("3-1", &set, &err);
    assert_non_null(strstr(err.text, "downwards"));
    cpuset_parse("9000", &set, &err);
    assert_non_null(strstr(err.text, "8191"));
    assert_int_equal(cpuset_parse("x", &set, NULL), -EINVAL);
}

static void check_format(const unsigned *cpu, size_t count, const char *want)
{
    char *text = cpuset_format(cpu, count);
    assert_string_equal(text, want);
    free(text);
}

static void test_format_is_shortest(void **state)
{
    (void)state;
    check_format(NULL, 0, "");
    check_format((unsigned[]){7}, 1, "7");
    check_format((unsigned[]){0, 1}, 2, "0-1");
    check_format((unsigned[]){1, 0}, 2, "1,0");
    check_format((unsigned[]){0, 2, 4}, 3, "0,2,4");
    check_format((unsigned[]){0, 2, 4, 6}, 4, "0-6:2");
    check_format((unsigned[]){0, 2, 3, 4, 5}, 5, "0,2-5");
    check_format((unsigned[]){5, 4, 3}, 3, "5,4,3");
    check_format((unsigned[]){3, 4, 5, 0, 1, 2}, 6, "3-5,0-2");
    check_format((unsigned[]){0, 2, 4, 6, 7, 8, 9}, 7, "0,2,4,6-9");
    check_format((unsigned[]){0, 2, 4, 5, 6, 7, 8}, 7, "0,2,4-8");
    check_format((unsigned[]){8190, 8191}, 2, "8190-8191");
}

static void test_whole_machine(void **state)
{
    (void)state;
    struct cpuset set;
    assert_int_equal(cpuset_parse("0-8191", &set, NULL), 0);
    assert_int_equal(set.count, CPUSET_MAX);
    check_format(set.cpu, set.count, "0-8191");
    cpuset_fini(&set);
}

static void test_format_round_trips(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 1);
    for (int round = 0; round < 2000; round++) {
        unsigned cpu[24];
        for (unsigned i = 0; i < ITEMS(cpu); i++)
            cpu[i] = i;
        /* Shuffled in parts only, so that runs and strides remain. */
        rng_shuffle(&rng, cpu + rng_below(&rng, 12), 1 + rng_below(&rng, 12));
        const size_t count = 1 + rng_below(&rng, ITEMS(cpu));
        char *text = cpuset_format(cpu, count);
        check(text, cpu, count);
        free(text);
    }
}

static void test_fini_of_nothing(void **state)
{
    (void)state;
    struct cpuset set = {0};
    cpuset_fini(&set);
    cpuset_fini(&set);
}
