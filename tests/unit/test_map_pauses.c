/* SPDX-License-Identifier: MIT
 * analysis/maps/map_pauses: which rows are added up. */
#include "tests/test.h"

#include "analysis/maps/map_pauses.h"

#include <math.h>

enum { ROWS = 8 };

/* Of the first thread of a trial. */
static struct sample row_of(const char *layout, const char *load, int64_t pauses, double most_ns)
{
    struct sample s;
    sample_clear(&s);
    s.layout = layout;
    s.op = load;
    s.threads = 2;
    s.accepted = 1;
    s.seconds = 0.25;
    s.gc_pauses = pauses;
    s.gc_paused_ns = most_ns;
    s.gc_paused_most_ns = most_ns;
    return s;
}

static void test_accepted_rows_of_the_entry_are_added(void **state)
{
    (void)state;
    struct sample row[ROWS];
    const struct samples samples = {.row = row, .count = ROWS};
    const struct estimate go = {.layout = "go-cow", .twin = ""}, c = {.layout = "cow", .twin = ""};
    const struct map_entry in_go = {.estimate = &go}, in_c = {.estimate = &c};
    const struct map_group group = {.load = "half", .threads = 2};
    struct map_pauses p;
    for (int i = 0; i < ROWS; i++)
        row[i] = row_of("go-cow", "half", i, 10 * i);
    row[3].op = "deletes";
    row[4].layout = "cow";
    row[4].gc_pauses = SAMPLE_NONE;
    row[5].accepted = 0;
    row[6].threads = 1;
    row[7].twin = "a";
    assert_true(map_pauses_sum(&samples, &group, &in_go, &p));
    assert_float_equal(p.seconds, 0.75, 1e-9);
    assert_float_equal(p.pauses, 3, 0);
    assert_float_equal(p.paused_ns, 30, 0);
    assert_float_equal(p.most_ns, 20, 0);
    assert_false(map_pauses_sum(&samples, &group, &in_c, &p));
}
