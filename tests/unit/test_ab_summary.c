/* SPDX-License-Identifier: MIT
 * analysis/ab/ab_summary: which blocks count. */
#include "tests/test.h"

#include "analysis/ab/ab_summary.h"
#include "tests/ab_series.h"

#include <stdlib.h>

static void disturbed_and_cut_blocks_do_not_count(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_summary summary;
    struct rng rng;
    rng_seed(&rng, 1);
    add_blocks(&s, &noisy, &rng, 0, 30);
    for (unsigned i = 0; i <= PROGRAMS; i++)
        s.run[i].accepted = false;
    s.runs--;
    assert_int_equal(ab_summarise(&s, &summary), 0);
    assert_int_equal(summary.blocks, 28);
    assert_int_equal(summary.rejected, 1);
    assert_int_equal(summary.of[1].ratio[AB_WALL].n, 28);
    assert_int_equal(summary.of[1].ratio[AB_MEMORY].n, 0);
    free(s.run);
}

/* A third of the blocks with the cpus far apart, where the difference is another one. */
static void another_regime_is_not_mixed_in(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_summary of;
    struct rng rng;
    const struct noise near = with(1.1, 1), far = with(3, 1);
    rng_seed(&rng, 1);
    add_blocks(&s, &near, &rng, 0, 40);
    add_blocks(&s, &far, &rng, 40, 60);
    for (size_t i = 0; i < s.runs; i++)
        s.run[i].round_trip_ns = (s.run[i].block < 40 ? 80 : 300) + uniform(&rng);
    assert_int_equal(ab_summarise(&s, &of), 0);
    assert_int_equal(of.blocks, 40);
    assert_int_equal(of.other_regimes, 20);
    assert_true(of.of[1].ratio[AB_WALL].high < 1.2);
    for (size_t i = 0; i < s.runs; i++)
        s.run[i].round_trip_ns = NAN;
    assert_int_equal(ab_summarise(&s, &of), 0);
    assert_int_equal(of.blocks, 60);
    assert_int_equal(of.other_regimes, 0);
    free(s.run);
}
