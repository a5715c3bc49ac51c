/* SPDX-License-Identifier: MIT
 * base/csv: RFC 4180 both ways, with line numbers and limits. */
#include "tests/test.h"

#include "base/csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each record as "LINE[a|b|c]". */
static int show(void *context, const struct csv_record *record, struct err *err)
{
    (void)err;
    FILE *out = context;
    fprintf(out, "%zu[", record->line);
    for (size_t i = 0; i < record->count; i++) {
        assert_int_equal(strlen(record->text[i]), record->size[i]);
        fprintf(out, "%s%s", i ? "|" : "", record->text[i]);
    }
    fputs("]", out);
    return 0;
}

static int read_bytes(const char *bytes, size_t size, char **shown, struct err *err)
{
    FILE *in = tmpfile();
    fwrite(bytes, 1, size, in);
    rewind(in);
    size_t length;
    FILE *out = open_memstream(shown, &length);
    const int code = csv_read(in, "x.csv", show, out, err);
    fclose(out);
    fclose(in);
    return code;
}

static void check(const char *text, const char *want)
{
    char *shown;
    struct err err = {0};
    assert_int_equal(read_bytes(text, strlen(text), &shown, &err), 0);
    assert_string_equal(shown, want);
    assert_int_equal(err.code, 0);
    free(shown);
}

static void check_bad(const char *bytes, size_t size, int code, const char *where)
{
    char *shown;
    struct err err = {0};
    assert_int_equal(read_bytes(bytes, size, &shown, &err), code);
    assert_int_equal(err.code, code);
    assert_memory_equal(err.text, where, strlen(where));
    free(shown);
}

static void test_records(void **state)
{
    (void)state;
    check("", "");
    check("\n\r\n\n", "");
    check("a,b\nc,d\n", "1[a|b]2[c|d]");
    check("a,b\r\nc,d\r\n", "1[a|b]2[c|d]");
    check("a,b\r\nc,d", "1[a|b]2[c|d]");
    check("a\n\n\r\nb\n", "1[a]4[b]");
    check(",\n,,\n", "1[|]2[||]");
    check("\"\"\n", "1[]");
    check("a\rb", "1[a]1[b]");
}

static void test_quotes_and_blanks(void **state)
{
    (void)state;
    check("\"a,b\",\"say \"\"hi\"\"\"\n", "1[a,b|say \"hi\"]");
    check("\"two\nlines\",x\ny\n", "1[two\nlines|x]3[y]");
    check("\"\n\r\n\"\nz", "1[\n\r\n]4[z]");
    check("  a , b  \n \n", "1[  a | b  ]2[ ]");
    check("\" a \"\n", "1[ a ]");
    check("µ–×\n", "1[µ–×]");
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    check("\xef\xbb\xbf"
          "a,b\n",
        "1[a|b]");
    check("\xef\xbb\xbf\"a\",b\n", "1[a|b]");
    check("\xef\xbb\xbf", "");
    check("\xef\xbb", "1[\xef\xbb]");
    check("a\n\xef\xbb\xbf"
          "b\n",
        "1[a]2[\xef\xbb\xbf"
        "b]");
}

static void test_broken_quotes(void **state)
{
    (void)state;
    check_bad("a\nb,\"c\nd\n", 9, -EINVAL, "x.csv:2: ");
    check_bad("a\nb\"c\n", 6, -EINVAL, "x.csv:2: ");
    check_bad("a\n\"b\"c\n", 7, -EINVAL, "x.csv:2: ");
    check_bad("\"a\" ,b\n", 7, -EINVAL, "x.csv:1: ");
    check_bad("\"", 1, -EINVAL, "x.csv:1: ");
}

static void test_nul_byte(void **state)
{
    (void)state;
    check_bad("a\nb\0c\n", 6, -EINVAL, "x.csv:2: a NUL");
    check_bad("\0", 1, -EINVAL, "x.csv:1: a NUL");
    check_bad("a\n\"\n\0\"\n", 7, -EINVAL, "x.csv:3: a NUL");
}

static char *filled(size_t size, const char *head)
{
    char *bytes = malloc(size);
    memset(bytes, 'x', size);
    memcpy(bytes, head, strlen(head));
    return bytes;
}

static void test_field_limit(void **state)
{
    (void)state;
    char *bytes = filled(CSV_FIELD_MAX + 1, "");
    struct err err;
    char *shown;
    assert_int_equal(read_bytes(bytes, CSV_FIELD_MAX, &shown, &err), 0);
    assert_int_equal(strlen(shown), CSV_FIELD_MAX + 3);
    free(shown);
    check_bad(bytes, CSV_FIELD_MAX + 1, -EINVAL, "x.csv:1: a field is larger");
    free(bytes);
    const size_t huge = 10u << 20;
    bytes = filled(huge, "a,b\n1,");
    check_bad(bytes, huge, -EINVAL, "x.csv:2: a field is larger");
    free(bytes);
    bytes = filled(huge, "a,b\n1,\"");
    check_bad(bytes, huge, -EINVAL, "x.csv:2: a field is larger");
    free(bytes);
}

static void test_record_limit(void **state)
{
    (void)state;
    char *bytes = malloc(CSV_FIELDS_MAX + 1);
    memset(bytes, ',', CSV_FIELDS_MAX + 1);
    struct err err;
    char *shown;
    assert_int_equal(read_bytes(bytes, CSV_FIELDS_MAX - 1, &shown, &err), 0);
    free(shown);
    check_bad(bytes, CSV_FIELDS_MAX, -EINVAL, "x.csv:1: more than 4096 fields");
    free(bytes);
}

static int stop_at_second(void *context, const struct csv_record *record, struct err *err)
{
    int *calls = context;
    ++*calls;
    return record->line == 2 ? err_set(err, -EDOM, "enough") : 0;
}

static void test_callback_ends_the_reading(void **state)
{
    (void)state;
    char text[] = "a\nb\nc\n";
    FILE *in = fmemopen(text, strlen(text), "r");
    int calls = 0;
    struct err err = {0};
    assert_int_equal(csv_read(in, "x.csv", stop_at_second, &calls, &err), -EDOM);
    assert_int_equal(calls, 2);
    assert_string_equal(err.text, "enough");
    rewind(in);
    char cr[] = "a\nb\rc\rd";
    fclose(in);
    in = fmemopen(cr, strlen(cr), "r");
    calls = 0;
    assert_int_equal(csv_read(in, "x.csv", stop_at_second, &calls, NULL), -EDOM);
    assert_int_equal(calls, 2);
    fclose(in);
}

static void test_unreadable(void **state)
{
    (void)state;
    FILE *in = fopen("/", "r");
    assert_non_null(in);
    struct err err;
    int calls = 0;
    assert_int_equal(csv_read(in, "folder", stop_at_second, &calls, &err), -EIO);
    assert_memory_equal(err.text, "folder:1: ", 10);
    fclose(in);
}

static void test_long_lines_across_blocks(void **state)
{
    (void)state;
    char *bytes = filled(200000, "a,\"");
    memcpy(bytes + 65530, "\n\n\"\"", 4);
    memcpy(bytes + 199996, "\"\nz\n", 4);
    struct err err;
    char *shown;
    assert_int_equal(read_bytes(bytes, 200000, &shown, &err), 0);
    assert_string_equal(shown + strlen(shown) - 5, "]4[z]");
    free(shown);
    free(bytes);
}

static void test_writing(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    csv_print(out, "plain", true);
    csv_print(out, "a,b", false);
    csv_print(out, "say \"hi\"", false);
    csv_print(out, "two\r\nlines", false);
    csv_print(out, "", false);
    csv_print(out, " x ", false);
    csv_end(out);
    fclose(out);
    assert_string_equal(text, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",, x \r\n");
    check(text, "1[plain|a,b|say \"hi\"|two\r\nlines|| x ]");
    free(text);
}
