/* SPDX-License-Identifier: MIT
 * base/sample_read: which files are read, and that what is wrong is named with its line. */
#include "tests/sample_text.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A CSV of the required columns in the order of the file, with a row in which `name` holds `value`.
 */
static char *file_with(const char *name, const char *value)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    size_t columns = 0;
    do
        fprintf(out, "%s%s", columns ? "," : "", sample_columns[columns].name);
    while (strcmp(sample_columns[columns++].name, "reference_for") != 0);
    fputs("\n", out);
    for (size_t i = 0; i < columns; i++) {
        const bool wanted = strcmp(sample_columns[i].name, name) == 0;
        fprintf(out, "%s%s", i ? "," : "", wanted ? value : i == 0 ? "1" : "");
    }
    fputs("\n", out);
    fclose(out);
    return text;
}

static void check_value(const char *name, const char *value, int code)
{
    char *text = file_with(name, value);
    struct samples samples = {0};
    struct err err = {0};
    assert_int_equal(read_text(text, &samples, &err), code);
    assert_int_equal(samples.count, code ? 0 : 1);
    if (code) {
        assert_memory_equal(err.text, "x.csv:2: ", 9);
        assert_non_null(strstr(err.text, name));
    }
    samples_fini(&samples);
    free(text);
}

static void test_numbers(void **state)
{
    (void)state;
    static const char *const bad_real[] = {"nan", "NaN", "inf", "-inf", "INFINITY", "1e999", "0x1",
        "\"1,5\"", " 1", "1 ", "abc", "1.2.3", "--1", "-", ".5", "5."};
    for (size_t i = 0; i < sizeof(bad_real) / sizeof(bad_real[0]); i++)
        check_value("seconds", bad_real[i], -EINVAL);
    static const char *const bad_int[] = {"1.5", "1e3", "0x1", " 1", "1 ", "abc", "+1", "-",
        "9223372036854775808", "-9223372036854775808", "18446744073709551616", "nan"};
    for (size_t i = 0; i < sizeof(bad_int) / sizeof(bad_int[0]); i++)
        check_value("ops", bad_int[i], -EINVAL);
    check_value("seconds", "1E-3", 0);
    check_value("seconds", "", 0);
    check_value("ops", "-9223372036854775807", 0);
    check_value("ops", "9223372036854775807", 0);
    check_value("layout", "nan", 0);
}

/* file_with() writes one cell; `accepted` is empty, as in no row of numaprobe, or that cell. */
static void check_time(const char *name, const char *value, const char *accepted, int code)
{
    char *text = file_with(name, value);
    const char *const row = strchr(text, '\n') + 1;
    const char *const cells = strstr(text, ",accepted,reject_reason,reference_for\n");
    assert_true(cells && cells < row); /* so the row ends in ",,,", its last three cells empty */
    char *whole;
    assert_true(asprintf(&whole, "%.*s%s,,\n", (int)(strlen(text) - 3), text, accepted) > 0);
    struct samples samples = {0};
    struct err err = {0};
    assert_int_equal(read_text(whole, &samples, &err), code);
    if (code) {
        assert_memory_equal(err.text, "x.csv:2: column '", 17);
        assert_non_null(strstr(err.text, name));
        assert_non_null(strstr(err.text, "is not a time"));
    }
    samples_fini(&samples);
    free(whole);
    free(text);
}

static void test_times(void **state)
{
    (void)state;
    static const char *const name[] = {"seconds", "ns_per_op", "canary_ns"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        check_time(name[i], "-0.001", "1", -EINVAL);
        check_time(name[i], "-0.001", "0", -EINVAL);
        check_time(name[i], "0", "1", -EINVAL);
        check_time(name[i], "0", "0", 0);
        check_time(name[i], "1e-9", "1", 0);
        check_time(name[i], "", "1", 0);
    }
    check_time("lat_p50_ns", "-1", "1", -EINVAL);
    check_time("lat_p50_ns", "0", "1", 0);
    check_time("gap_ns", "0", "1", 0);
}

static void test_schema(void **state)
{
    (void)state;
    check_value("schema", "1", 0);
    check_value("schema", "2", -EINVAL);
    check_value("schema", "0", -EINVAL);
    check_value("schema", "", -EINVAL);
    check_value("schema", "one", -EINVAL);
}

static void check_file(const char *text, const char *says)
{
    struct samples samples = {0};
    struct err err = {0};
    assert_int_equal(read_text(text, &samples, &err), -EINVAL);
    assert_non_null(strstr(err.text, says));
    assert_int_equal(samples.count, 0);
    samples_fini(&samples);
}

static void test_bad_files(void **state)
{
    (void)state;
    check_file("\n", "x.csv:1: empty");
    check_file("a,b\n1,2\n", "x.csv:1: column 'schema' is missing");
    check_file("schema,run_id,schema\n", "x.csv:1: column 'schema' appears twice");
    char *text = file_with("ops", "1,2");
    check_file(text, "x.csv:2: 50 fields, but the header has 49");
    free(text);
    text = file_with("ops", "1");
    strstr(text, ",ops,")[1] = 'O';
    check_file(text, "x.csv:1: column 'ops' is missing");
    free(text);
    text = file_with("reject_reason", "\"never closed");
    check_file(text, "x.csv:2: ");
    free(text);
}

static void test_empty_file(void **state)
{
    (void)state;
    FILE *in = fopen("/dev/null", "r");
    struct samples samples = {0};
    struct err err;
    assert_int_equal(samples_read(in, "x.csv", &samples, &err), -EINVAL);
    assert_non_null(strstr(err.text, "x.csv:1: empty"));
    fclose(in);
}

/* Columns at the end may be missing, unknown ones are passed over, any order is bound by name. */
static void test_binding_by_name(void **state)
{
    (void)state;
    char *text = file_with("ops", "12");
    char *row = strchr(text, '\n') + 1;
    char *joined = NULL;
    assert_true(asprintf(&joined,
                    "\xef\xbb\xbf"
                    "fuel,protocol,%.*s,\r\n9,ring,%.*s,\"z\"\r\n",
                    (int)(row - text) - 1, text, (int)strlen(row) - 1, row) > 0);
    struct samples samples = {0};
    struct err err = {0};
    assert_int_equal(read_text(joined, &samples, &err), 0);
    assert_int_equal(samples.count, 1);
    assert_int_equal(samples.row[0].ops, 12);
    assert_string_equal(samples.row[0].protocol, "ring");
    assert_true(samples.row[0].count[EVENT_CYCLES] == SAMPLE_NONE);
    assert_true(isnan(samples.row[0].canary_after_ns));
    samples_fini(&samples);
    free(joined);
    free(text);
}

static void test_joined_files(void **state)
{
    (void)state;
    char *first = file_with("ops", "12"), *joined = NULL;
    struct sample sample;
    sample_clear(&sample);
    sample.schema = SAMPLE_SCHEMA;
    sample.ops = 13;
    struct samples one = {0}, samples = {0};
    assert_int_equal(samples_push(&one, &sample), 0);
    char *second = written(&one);
    assert_true(asprintf(&joined, "%s%s%s", first, second, first) > 0);
    assert_int_equal(read_text(joined, &samples, NULL), 0);
    assert_int_equal(samples.count, 3);
    assert_int_equal(
        samples.row[0].ops + samples.row[1].ops * 100 + samples.row[2].ops * 10000, 121312);
    samples_fini(&samples);
    samples_fini(&one);
    free(joined);
    free(second);
    free(first);
}

static void test_reading_appends_all_or_nothing(void **state)
{
    (void)state;
    struct samples samples = {0};
    char *good = file_with("layout", "ring"), *bad = NULL;
    assert_int_equal(read_text(good, &samples, NULL), 0);
    assert_int_equal(read_text(good, &samples, NULL), 0);
    assert_int_equal(samples.count, 2);
    assert_true(asprintf(&bad, "%s%s", good, "1,broken\n") > 0);
    struct err err;
    assert_int_equal(read_text(bad, &samples, &err), -EINVAL);
    assert_memory_equal(err.text, "x.csv:3: ", 9);
    assert_int_equal(samples.count, 2);
    assert_string_equal(samples.row[1].layout, "ring");
    assert_ptr_equal(samples.row[0].layout, samples.row[1].layout);
    samples_fini(&samples);
    free(good);
    free(bad);
}
