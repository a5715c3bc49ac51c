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
