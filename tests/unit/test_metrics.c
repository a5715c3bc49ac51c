/* SPDX-License-Identifier: MIT */
#include "tests/test.h"

#include "analysis/format/metrics.h"

#include <math.h>
#include <stdlib.h>

static void samples_have_one_head_and_escaped_labels(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    struct metrics m = {.out = open_memstream(&text, &size)};
    const struct metric_label label[] = {{"a", "x\"\\\n\xff"}, {"b", ""}, {"c", NULL}, {"d", "y"}};
    metrics_add(&m, "first_seconds", "One.", label, 4, 1.5e-9);
    metrics_add(&m, "first_seconds", "One.", label, 1, (double)NAN);
    metrics_add(&m, "first_seconds", "One.", label + 1, 2, (double)INFINITY);
    metrics_add(&m, "second", "Two.", NULL, 0, 0);
    metrics_add(&m, "third", "Three.", NULL, 0, (double)NAN);
    fclose(m.out);
    assert_string_equal(text, "# HELP first_seconds One.\n"
                              "# TYPE first_seconds gauge\n"
                              "first_seconds{a=\"x\\\"\\\\  \",d=\"y\"} 1.5e-09\n"
                              "# HELP second Two.\n"
                              "# TYPE second gauge\n"
                              "second 0\n");
    free(text);
}

static void a_number_that_is_none_is_empty(void **state)
{
    char text[METRIC_NUMBER];
    (void)state;
    assert_string_equal(metric_number(-1, -1, text), "");
    assert_string_equal(metric_number(INT64_MIN, -1, text), "-9223372036854775808");
}
