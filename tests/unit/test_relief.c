/* SPDX-License-Identifier: MIT
 * What a thread gains while others are held off its line: by a word that it counts up, by its
 * samples, and not at all where neither shows it. */
#include "tests/test.h"

#include "analysis/watch/relief.h"

#include <math.h>
#include <string.h>

enum { RAN_NS = 8000000 };

static struct relief *fresh(void)
{
    static struct relief relief;
    memset(&relief, 0, sizeof relief);
    return &relief;
}

/* A pair in which the word goes up by so much, and so many of 40 samples are at the line. */
static void add(struct relief *relief, uint64_t start, uint64_t by_free, uint64_t by_held,
    uint64_t at_free, uint64_t at_held, unsigned bytes)
{
    const uint64_t mask = bytes < 8 ? (1ull << (8 * bytes)) - 1 : UINT64_MAX;
    const struct relief_window window[RELIEF_WINDOWS] = {
        [RELIEF_FREE] = {RAN_NS, start & mask, (start + by_free) & mask, 40, at_free},
        [RELIEF_HELD] = {RAN_NS, start & mask, (start + by_held) & mask, 40, at_held}};
    relief_add(relief, window, bytes);
}

static void a_word_that_goes_up(void **state)
{
    (void)state;
    struct interval gain;
    struct relief *const r = fresh();
    for (uint64_t i = 0; i < 30; i++)
        add(r, UINT32_MAX - 5000 + i * 100, 1000 + i % 3, 2 * (1000 + i % 3), 40, 40,
            4); /* runs over */
    assert_int_equal(relief_gain(r, &gain), 0);
    assert_true(gain.low > 1.99 && gain.high < 2.01 && gain.n == 30);
}

/* The share of its samples that do not wait for the line. */
static void samples_where_no_word_goes_up(void **state)
{
    (void)state;
    struct interval gain;
    struct relief *const r = fresh();
    for (uint64_t i = 0; i < 30; i++)
        add(r, 1000 * i, i % 2 ? 50 : (uint64_t)-50, 50, 20 + i % 3, i % 2, 8);
    assert_int_equal(relief_gain(r, &gain), 0);
    assert_true(gain.low > 1.5 && gain.mid < 2.5 && gain.mid > 1.8 && gain.n == 30);
}

static void nothing_shows_it(void **state)
{
    (void)state;
    struct interval gain;
    struct relief *r = fresh();
    for (uint64_t i = 0; i < 30; i++)
        add(r, 7, 0, 0, 0, 0, 8); /* no sample at the line: not a gain of 1 */
    assert_int_equal(relief_gain(r, &gain), 0);
    assert_true(isnan(gain.mid) && gain.n == 30);
    r = fresh();
    for (uint64_t i = 0; i < 30; i++)
        add(r, 7, 0, 0, 40, 20, 8); /* nothing but the line */
    assert_int_equal(relief_gain(r, &gain), 0);
    assert_true(isnan(gain.mid));
}

static void few_pairs_are_not_enough(void **state)
{
    (void)state;
    struct interval gain;
    struct relief *const r = fresh();
    for (uint64_t i = 0; i + 1 < STATS_BLOCKS_MIN; i++)
        add(r, i, 100, 200, 0, 0, 8);
    assert_int_equal(relief_gain(r, &gain), 0);
    assert_true(isnan(gain.mid) && gain.n == STATS_BLOCKS_MIN - 1);
    add(r, 0, 100, 200, 0, 0, 8);
    assert_int_equal(relief_gain(r, &gain), 0);
    assert_true(gain.mid > 1.9);
    while (r->pairs < RELIEF_PAIRS)
        add(r, 0, 100, 200, 0, 0, 8);
    add(r, 0, 100, 200, 0, 0, 8);
    assert_int_equal(r->pairs, RELIEF_PAIRS);
}
