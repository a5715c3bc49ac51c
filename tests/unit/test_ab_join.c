/* SPDX-License-Identifier: MIT
 * analysis/ab/ab_join: several sessions as one. */
#include "tests/test.h"

#include "analysis/ab/ab_join.h"
#include "tests/ab_series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Each session shifts the ratio by a deviation of 2%, which no number of blocks shows. */
static bool sessions_cover(struct rng *rng, size_t count)
{
    struct ab_summary of[8], joined;
    for (size_t i = 0; i < count; i++) {
        struct ab_session s = new_session();
        const struct noise noise = with(1.1 * exp(0.02 * normal(rng)), 1);
        add_blocks(&s, &noise, rng, 0, STATS_BLOCKS_MIN);
        assert_int_equal(ab_summarise(&s, &of[i]), 0);
        free(s.run);
    }
    ab_join(of, count, &joined);
    const struct interval ratio = joined.of[1].ratio[AB_WALL];
    assert_int_equal(ratio.n, count);
    return ratio.low <= 1.1 && ratio.high >= 1.1;
}

static void joined_sessions_cover_what_one_does_not(void **state)
{
    (void)state;
    enum { RUNS = 1000 };
    struct rng rng;
    rng_seed(&rng, 3);
    for (size_t count = AB_SESSIONS_MIN; count <= 8; count += 5) {
        unsigned hits = 0;
        for (unsigned run = 0; run < RUNS; run++)
            hits += sessions_cover(&rng, count);
        print_message("%zu sessions: %.1f%%\n", count, 100.0 * hits / RUNS);
        assert_true(hits >= 0.95 * RUNS);
    }
}

static void two_sessions_have_no_interval(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_summary of[2], joined;
    struct rng rng;
    rng_seed(&rng, 1);
    add_blocks(&s, &noisy, &rng, 0, 30);
    assert_int_equal(ab_summarise(&s, &of[0]), 0);
    of[1] = of[0];
    ab_join(of, 2, &joined);
    assert_int_equal(joined.of[1].ratio[AB_WALL].n, 2);
    assert_true(isnan(joined.of[1].ratio[AB_WALL].low));
    assert_true(fabs(joined.of[1].ratio[AB_WALL].mid / of[0].of[1].ratio[AB_WALL].mid - 1) < 1e-9);
    assert_true(isnan(joined.of[1].value[AB_MEMORY].mid));
    free(s.run);
}

static void other_programs_are_not_joined(void **state)
{
    (void)state;
    struct ab_session s[2] = {new_session(), new_session()};
    struct err err = {0};
    assert_int_equal(ab_check_sessions(s, 2, &err), 0);
    s[1].command[1] = "./other";
    assert_int_equal(ab_check_sessions(s, 2, &err), -EINVAL);
    assert_non_null(strstr(err.text, "program b is './new \"1\"' in one session and './other'"));
    s[1].programs = 3;
    assert_int_equal(ab_check_sessions(s, 2, &err), -EINVAL);
}
