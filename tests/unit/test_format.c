/* SPDX-License-Identifier: MIT
 * Numbers as text: three significant digits, counted after rounding. */
#include "tests/test.h"

#include "analysis/format/format.h"
#include "analysis/format/format_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void numbers_have_three_digits(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0.000"}, {0.0123, "0.012"}, {0.282, "0.282"}, {0.9994, "0.999"},
        {0.9996, "1.00"}, {1, "1.00"}, {9.99, "9.99"}, {9.994, "9.99"}, {9.997, "10.0"},
        {10, "10.0"}, {99.94, "99.9"}, {99.97, "100"}, {100, "100"}, {1234.5, "1234"},
        {9999999, "9999999"}, {1e7, "1e+07"}, {1.236e9, "1.24e+09"}, {-0.9996, "-1.00"},
        {-9.997, "-10.0"}, {-123.4, "-123"}, {NAN, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[CELL_TEXT];
        assert_string_equal(number_text(cases[i].value, text), cases[i].text);
    }
}

static void ranges_have_the_digits_of_their_middle(void **state)
{
    (void)state;
    char text[CELL_TEXT];
    const struct interval near_ten = {.low = 9.98, .mid = 9.997, .high = 10.12},
                          below_zero = {.low = -0.124, .mid = 0.51, .high = 1.5},
                          missing = {.low = NAN, .mid = 5.5, .high = NAN};
    assert_string_equal(range_text(near_ten, text), "10.0–10.1");
    assert_string_equal(range_text(below_zero, text), "-0.124 to 1.500");
    assert_string_equal(range_text(missing, text), "");
    assert_string_equal(interval_text(near_ten, text), "10.0 ns (10.0–10.1)");
    assert_string_equal(interval_text(missing, text), "5.50 ns");
}

static void ratios_have_at_most_hundredths(void **state)
{
    (void)state;
    char text[CELL_TEXT];
    const struct interval ratio = {.low = 0.962, .mid = 0.9784, .high = 1.004};
    assert_string_equal(ratio_text(ratio.mid, text), "0.98×");
    assert_string_equal(ratio_text(9.997, text), "10.0×");
    assert_string_equal(ratio_text(NAN, text), "");
    assert_string_equal(ratio_range_text(ratio, text), "0.96–1.00");
}

static void counts_and_percents_are_short(void **state)
{
    (void)state;
    char text[CELL_TEXT];
    assert_string_equal(count_text(9999, text), "9999");
    assert_string_equal(count_text(123456, text), "123 k");
    assert_string_equal(count_text(999.6e3, text), "1 M");
    assert_string_equal(count_text(NAN, text), "");
    assert_string_equal(percent_text(0.05, text), "5%");
    assert_string_equal(percent_text(0.0025, text), "0.25%");
    assert_string_equal(percent_text(1e-6, text), "0.0001%");
    assert_string_equal(percent_text(12.345, text), "1234%");
    assert_string_equal(percent_text(0.12345, text), "12.3%");
    assert_string_equal(percent_text(1, text), "100%");
    assert_string_equal(percent_text(0, text), "0%");
    assert_string_equal(percent_text(NAN, text), "");
}

static void missing_values_are_empty_cells(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    struct table *const t = table_with("a>|b>|c|d>");
    table_row(t);
    cell_number(t, NAN);
    cell_range(t, (struct interval){.low = NAN, .mid = 1, .high = NAN});
    cell_ratio(t, (struct interval){.low = 1.2, .mid = 1.234, .high = 1.3});
    cell_int(t, SAMPLE_NONE);
    assert_int_equal(table_csv(t, out), 0);
    fclose(out);
    assert_string_equal(text, "a,b,c,d\r\n,,1.23×,\r\n");
    table_free(t);
    free(text);
}

static void intervals_are_json_unrounded(void **state)
{
    (void)state;
    json_t *const json =
        json_interval((struct interval){.low = NAN, .mid = 1.23456, .high = NAN, .n = 7});
    char *const text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(7));
    assert_string_equal(text, "{\"low\":null,\"median\":1.23456,\"high\":null,\"n\":7}");
    free(text);
    json_decref(json);
}
