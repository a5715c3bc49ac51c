/* SPDX-License-Identifier: MIT
 * base/rng: the published generators bit by bit, unbiased bounds, fair shuffles. */
#include "tests/test.h"

#include "base/rng.h"

#include <string.h>

/* From a separate Python implementation with big integers; the first value of seed 0 is also the
 * one published for splitmix64. */
static void test_seeding(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed, s[4], next[4];
    } known[] = {
        {0, {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x6c45d188009454f, 0xf88bb8a8724c81ec},
            {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c}},
        {1234567, {0x599ed017fb08fc85, 0x2c73f08458540fa5, 0x883ebce5a3f27c77, 0x3fbef740e9177b3f},
            {0x30a3a1c363600467, 0x19405f0f579929ca, 0x115beaac046ddbd9, 0xeb17caf48f27d7f6}},
        {UINT64_MAX,
            {0xe4d971771b652c20, 0xe99ff867dbf682c9, 0x382ff84cb27281e9, 0x6d1db36ccba982d2},
            {0x8f5520d52a7ead08, 0xc476a018caa1802d, 0x81de31c0d260469e, 0xbf658d7e065f3c2f}},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct rng rng;
        rng_seed(&rng, known[i].seed);
        assert_memory_equal(rng.s, known[i].s, sizeof(rng.s));
        for (int n = 0; n < 4; n++)
            assert_true(rng_next(&rng) == known[i].next[n]);
    }
}

/* The vector of the reference implementation's ports: state 1, 2, 3, 4. */
static void test_reference_vector(void **state)
{
    (void)state;
    static const uint64_t want[] = {11520, 0, 1509978240, 1215971899390074240, 1216172134540287360,
        607988272756665600, 16172922978634559625u, 8476171486693032832, 10595114339597558777u,
        2904607092377533576};
    struct rng rng = {.s = {1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
        assert_true(rng_next(&rng) == want[i]);
}

static void test_bound_of_one_and_of_all(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 3);
    uint32_t highest = 0;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(rng_below(&rng, 1), 0);
        const uint32_t value = rng_below(&rng, UINT32_MAX);
        assert_true(value < UINT32_MAX);
        highest = value > highest ? value : highest;
    }
    assert_true(highest > UINT32_MAX / 10 * 9);
}

/* With 3 * 2^30 as the bound, a plain modulo or product would draw each third number twice as
 * often: 50% of the draws instead of 33%. */
static void test_no_bias(void **state)
{
    (void)state;
    const uint32_t bound = 3u << 30;
    struct rng rng;
    rng_seed(&rng, 4);
    unsigned hits[3] = {0};
    for (int i = 0; i < 30000; i++)
        hits[rng_below(&rng, bound) % 3]++;
    for (int i = 0; i < 3; i++)
        assert_in_range(hits[i], 9600, 10400); /* 5 standard deviations of 82 */
}

static unsigned order_of(const unsigned *item)
{
    return item[0] * 100 + item[1] * 10 + item[2];
}

static void test_shuffle_is_fair(void **state)
{
    (void)state;
    static const unsigned orders[] = {12, 21, 102, 120, 201, 210};
    unsigned hits[6] = {0};
    struct rng rng;
    rng_seed(&rng, 5);
    for (int round = 0; round < 60000; round++) {
        unsigned item[] = {0, 1, 2};
        rng_shuffle(&rng, item, 3);
        for (int i = 0; i < 6; i++)
            hits[i] += orders[i] == order_of(item);
    }
    for (int i = 0; i < 6; i++)
        assert_in_range(hits[i], 9500, 10500); /* 5 standard deviations of 91; their sum is 60000 */
}

static void test_shuffle_edges(void **state)
{
    (void)state;
    struct rng a, b;
    unsigned one = 9, first[50], second[50];
    rng_seed(&a, 6);
    rng_seed(&b, 6);
    rng_shuffle(&a, NULL, 0);
    rng_shuffle(&a, &one, 1);
    assert_int_equal(one, 9);
    for (unsigned i = 0; i < 50; i++)
        first[i] = second[i] = i;
    rng_shuffle(&a, first, 50);
    rng_shuffle(&b, second, 50);
    assert_memory_equal(first, second, sizeof(first));
}
