/* SPDX-License-Identifier: MIT
 * probes/maps/load.h and steps.h: what loads are, and what is drawn from them. */
#include "tests/test.h"

#include "probes/maps/steps.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void test_each_load_of_the_folder(void **state)
{
    (void)state;
    assert_true(load_file_count >= 12);
    for (size_t i = 0; i < load_file_count; i++) {
        struct load load;
        struct err err;
        const int code = load_find("--load", load_file_table[i].name, &load, &err);
        if (code)
            fail_msg("%s", err.text);
        assert_string_equal(load.name, load_file_table[i].name);
        assert_true(load.summary[0] && load.keys && load.words);
    }
}

static void refuses(const char *text, const char *message)
{
    struct load load = load_default("own");
    struct err err = {0};
    assert_int_equal(load_parse("own.txt", text, &load, &err), -EINVAL);
    assert_string_equal(err.text, message);
}

static void test_refused(void **state)
{
    (void)state;
    refuses("mix get=50 put=40\n", "own.txt: the mix adds up to 90%, not to 100%");
    refuses("keys 5\n", "own.txt: no mix; state what is done, as get=90 put=10");
    refuses("mix get=50 get=50\n", "own.txt:1: get is given twice");
    refuses("mix get=x\n", "own.txt:1: 'x' is not a percentage, as 90 or 0.5");
    refuses("mix get\n", "own.txt:1: 'get' is not OP=PERCENT, as in get=90");
    refuses("# x\nmix gte=100\n",
        "own.txt:2: unknown operation 'gte'; did you mean 'get'; known: get, put, insert, delete, "
        "iterate, size");
    refuses("mix get=100\nkeys 0\n", "own.txt:2: '0' is not a whole number from 1 to 1e+12");
    refuses("mix get=100\ndraw zipf\n", "own.txt:2: Zipf's exponent is a number up to 8, as 0.99");
    refuses("mix get=100\ndraw hot 2\n",
        "own.txt:2: the share of the hot key is a number up to 1, as 0.9");
    refuses("mix get=100\nburst 5\n", "own.txt: a burst has neither a mix nor a draw");
    refuses("mix get=100\ndraw new\n", "own.txt: with draw new some ops must be insert");
    refuses("mix get=70 insert=20 delete=10\ndraw new\n",
        "own.txt: with draw new as many ops must be delete as insert, or none");
    refuses("mix get=100\nlifetime 9\n",
        "own.txt: a lifetime needs draw new and ops that insert and delete");
    refuses("mix get=100\nwords 33\n", "own.txt:2: '33' is not a whole number from 1 to 32");
}

static struct load parsed(const char *text)
{
    struct load load = load_default("own");
    struct err err = {0};
    if (load_parse("own.txt", text, &load, &err))
        fail_msg("%s", err.text);
    return load;
}

static uint64_t *draw(const struct load *load, struct steps_place place, uint64_t *count)
{
    struct rng rng;
    rng_seed(&rng, 7);
    *count = steps_count(load, place.threads);
    uint64_t *const step = calloc(*count, sizeof *step);
    assert_non_null(step);
    steps_draw(load, place, &rng, step);
    return step;
}

/* Within five deviations of what is expected of `count` draws. */
static void assert_share(double seen, uint64_t count, double share)
{
    const double n = (double)count, deviation = sqrt(n * share * (1 - share));
    if (fabs(seen - n * share) > 5 * deviation + 1)
        fail_msg("%g of %g, where %g is expected", seen, n, n * share);
}

static void test_the_mix_is_drawn(void **state)
{
    (void)state;
    const struct load load = parsed("mix get=28 put=30 delete=40 iterate=2\nkeys 50\n");
    uint64_t count, seen[MAP_OPS] = {0};
    uint64_t *const step = draw(&load, (struct steps_place){0, 2}, &count);
    for (uint64_t i = 0; i < count; i++) {
        seen[step_op(step[i])]++;
        assert_true(step_key(step[i]) < 50);
    }
    for (int op = 0; op < MAP_OPS; op++)
        assert_share((double)seen[op], count, load.share[op] / 100.0);
    free(step);
}

/* The shares of the first ranks, from their definition. */
static void check_zipf(double s, const char *text)
{
    enum { KEYS = 100 };
    const struct load load = parsed(text);
    double sum = 0;
    uint64_t count, seen[KEYS] = {0};
    uint64_t *const step = draw(&load, (struct steps_place){0, 1}, &count);
    for (uint64_t i = 0; i < count; i++) {
        assert_true(step_key(step[i]) < KEYS);
        seen[step_key(step[i])]++;
    }
    for (int rank = 1; rank <= KEYS; rank++)
        sum += pow(rank, -s);
    for (int rank = 1; rank <= KEYS; rank++)
        assert_share((double)seen[rank - 1], count, pow(rank, -s) / sum);
    free(step);
}

static void test_a_load_in_words(void **state)
{
    (void)state;
    char text[LOAD_DESCRIPTION];
    struct load load = parsed("mix get=99.5 put=0.5\r\nkeys 1e5\r\ndraw zipf 0.99\r\nwords 2\r\n");
    load_describe(&load, text);
    assert_string_equal(text, "get=99.5 put=0.5, 100000 keys, zipf 0.99, 16 B");
    load = parsed("burst 10\nkeys 10\n");
    load_describe(&load, text);
    assert_string_equal(text, "burst 10, 10 keys, 8 B");
    load = parsed("mix get=80 insert=10 delete=10\ndraw new\nlifetime 1000\n");
    load_describe(&load, text);
    assert_string_equal(text, "get=80 insert=10 delete=10, new, lifetime 1000, 8 B");
}

static void test_zipf(void **state)
{
    (void)state;
    check_zipf(0.99, "mix get=100\nkeys 100\ndraw zipf 0.99\n");
    check_zipf(1, "mix get=100\nkeys 100\ndraw zipf 1\n");
    check_zipf(2.5, "mix get=100\nkeys 100\ndraw zipf 2.5\n");
}

static void test_hot_and_own_keys(void **state)
{
    (void)state;
    const struct load hot = parsed("mix get=100\nkeys 1000\ndraw hot 0.9\n");
    const struct load own = parsed("mix get=100\nkeys 1000\ndraw own\n");
    uint64_t count, zeros = 0;
    uint64_t *step = draw(&hot, (struct steps_place){0, 1}, &count);
    for (uint64_t i = 0; i < count; i++)
        zeros += step_key(step[i]) == 0;
    assert_share((double)zeros, count, 0.9 + 0.1 / 1000);
    free(step);
    step = draw(&own, (struct steps_place){2, 3}, &count);
    for (uint64_t i = 0; i < count; i++)
        assert_true(step_key(step[i]) % 3 == 2 && step_key(step[i]) < 1000);
    free(step);
}

/* All threads' puts are all keys, and each iterates once. */
static void test_a_burst(void **state)
{
    (void)state;
    const struct load load = parsed("burst 10\nkeys 10\n");
    unsigned seen[12] = {0};
    for (unsigned thread = 0; thread < 3; thread++) {
        uint64_t count;
        uint64_t *const step = draw(&load, (struct steps_place){thread, 3}, &count);
        for (uint64_t i = 0; i + 1 < count; i++) {
            assert_int_equal(step_op(step[i]), MAP_PUT);
            seen[step_key(step[i])]++;
        }
        assert_int_equal(step_op(step[count - 1]), MAP_ITERATE);
        free(step);
    }
    for (int key = 0; key < 10; key++)
        assert_int_equal(seen[key], 1);
}

static void test_a_lifetime_says_how_many_live(void **state)
{
    (void)state;
    const struct load load =
        parsed("mix get=80 insert=10 delete=10\ndraw new\nlifetime 1000\nkeys 5\n");
    assert_int_equal(load_keys(&load, 4), 400);
}
