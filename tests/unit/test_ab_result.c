/* SPDX-License-Identifier: MIT
 * analysis/ab/ab_result: sessions of the same programs together, and what they show. */
#include "tests/test.h"

#include "analysis/ab/ab_result.h"
#include "tests/ab_series.h"
#include "tests/made.h"

#include <stdlib.h>
#include <string.h>

static const struct ab_rule rule = {.judged = AB_WALL, .precision = AB_RESOLVABLE};

static struct ab_session session_of(const char *id, const char *second)
{
    struct ab_session s = new_session();
    s.id = id;
    s.command[1] = second;
    return s;
}

static void sessions_of_the_same_programs_come_together(void **state)
{
    (void)state;
    struct ab_session all[] = {session_of("1", "x"), session_of("2", "y"), session_of("3", "x"),
        session_of("4", "z"), session_of("5", "y"), session_of("6", "x")};
    struct ab_sessions s = {.session = all, .count = sizeof all / sizeof *all};
    char order[8] = "";
    ab_sessions_group(&s);
    for (size_t i = 0; i < s.count; i++)
        strcat(order, s.session[i].id);
    assert_string_equal(order, "136254");
    assert_int_equal(ab_sessions_alike(&s, 0), 3);
    assert_int_equal(ab_sessions_alike(&s, 3), 2);
    assert_int_equal(ab_sessions_alike(&s, 5), 1);
    assert_int_equal(ab_sessions_alike(&s, 6), 0);
}

static void one_session_has_its_own_intervals_and_three_those_of_their_spread(void **state)
{
    (void)state;
    struct ab_session s[3];
    struct ab_result one, all;
    struct rng rng;
    char text[AB_VERDICT_TEXT];
    rng_seed(&rng, 1);
    for (size_t i = 0; i < 3; i++) {
        const struct noise noise = with(1.2 + 0.05 * (double)i, 1);
        s[i] = new_session();
        add_blocks(&s[i], &noise, &rng, 0, 60);
    }
    assert_int_equal(ab_result_init(&one, s, 1, &rule), 0);
    assert_int_equal(ab_result_init(&all, s, 3, &rule), 0);
    assert_int_equal(one.summary.of[1].ratio[AB_WALL].n, 60);
    assert_int_equal(all.summary.of[1].ratio[AB_WALL].n, 3);
    ab_result_verdict(&one, 1, text);
    has(text, "b is slower than a: 1.2");
    assert_true(interval_width(all.summary.of[1].ratio[AB_WALL]) >
                interval_width(one.summary.of[1].ratio[AB_WALL]));
    ab_result_fini(&one);
    ab_result_fini(&all);
    assert_int_equal(ab_result_init(&all, s, 2, &rule), 0);
    ab_result_verdict(&all, 1, text);
    has(text, "2 of 3 sessions");
    ab_result_fini(&all);
    for (size_t i = 0; i < 3; i++)
        free(s[i].run);
}
