/* SPDX-License-Identifier: MIT
 * analysis/report/detect_* and report_detect*: what detect wrote is read or refused in one line.
 * What the page shows of it is in test_detected_page.c. */
#include "tests/detected_made.h"

#include <errno.h>
#include <stdlib.h>

#define BROKEN ": the file is broken or cut off; write it anew"

static void refused(const char *from, const char *to, const char *message)
{
    char *const text = changed(from, to);
    struct detect_file d = {0};
    struct err err = {0};
    assert_int_equal(read_text(text, strlen(text), &d, &err), -EINVAL);
    assert_string_equal(err.text, message);
    assert_int_equal(d.files, 0);
    detect_file_fini(&d);
    free(text);
}

static void what_is_no_such_file_is_refused(void **state)
{
    (void)state;
#define NOT ": not what numaprobe detect --json writes"
    refused("'mode': 'sampled', ", "", "d.json: mode is missing" NOT);
    refused("'processes': [{", "'processes': [7, {", "d.json: processes[0] is not an object" NOT);
    refused("'name': 'stats'", "'name': 5",
        "d.json: findings[0].object.name is not a text of at most 64 KiB" NOT);
    refused("'cache_lines': 1", "'cache_lines': -1",
        "d.json: findings[0].cache_lines is not a count" NOT);
    refused("'cache_lines': 1", "'cache_lines': 1.5",
        "d.json: findings[0].cache_lines is not a count" NOT);
    refused("'first': -4", "'first': '-4'",
        "d.json: findings[0].picture.fields[0].first is not a whole number" NOT);
    refused("'read': true", "'read': 1",
        "d.json: findings[0].lines[0].read is neither true nor false" NOT);
    refused(
        "'seconds': 0.5", "'seconds': null", "d.json: processes[0].seconds is not a number" NOT);
    refused("'notes': []", "'notes': [[]]",
        "d.json: processes[0].notes is not a list of texts of at most 64 KiB" NOT);
    refused("'suppressed': []", "'suppressed': {}", "d.json: suppressed is not a list" NOT);
    refused("'global'", "'<script>x'",
        "d.json: findings[0].object.kind is not a word that is known" NOT);
    refused("'gain'", "'<script>x'",
        "d.json: findings[0].price.verdict is not a word that is known" NOT);
    refused("'latent': null", "'latent': ''",
        "d.json: findings[0].latent is not a word that is known" NOT);
    refused("'letter': 'A'", "'letter': '<script>x'",
        "d.json: findings[0].threads[0].letter is not the letter of a thread" NOT);
    refused("'readers': 'A'", "'readers': 'A?'",
        "d.json: findings[0].fields[0].readers is not letters of threads" NOT);
    refused("'0x40'", "'0x40 '", "d.json: findings[0].picture.address is not an address" NOT);
    refused("'exit'", "'<script>x'", "d.json: processes[0].ended is not an end that is known" NOT);
    refused(
        "'seconds': 0.5", "'seconds': 1e999", "d.json:1: real number overflow near '1e999'" BROKEN);
    refused("'pid': 7", "'pid': 99999999999999999999",
        "d.json:1: too big integer near '99999999999999999999'" BROKEN);
    refused("'./app', ", "'./a\\u0000b', ",
        "d.json:1: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"./a\\u0000b\"'" BROKEN);
    refused(whole, "{'findings':\n[}", "d.json:2: unexpected token near '}'" BROKEN);
    refused(whole, "{'regimes': [], 'figures': []}", "d.json: command is missing" NOT);
    refused(whole, "{", "d.json:1: string or '}' expected near end of file" BROKEN);
#undef NOT
}

/* Neither the stack nor the page is for anyone to fill. */
static void depth_and_length_are_bounded(void **state)
{
    enum { LONG = 10000000 };
    struct detect_file d = {0};
    struct err err = {0};
    char *const text = malloc(LONG + 1);
    (void)state;
    memset(text, '[', LONG);
    memcpy(text, "{\"a\":", 5);
    assert_int_equal(read_text(text, LONG, &d, &err), -EINVAL);
    assert_string_equal(err.text, "d.json:1: maximum parsing depth reached near '['" BROKEN);
    memset(text, 'x', LONG);
    text[0] = text[LONG - 1] = '\'';
    text[LONG] = '\0';
    refused("'stats'", text,
        "d.json: findings[0].object.name is not a text of at most 64 KiB: not what numaprobe "
        "detect --json writes");
    free(text);
}

static void a_csv_is_told_from_it(void **state)
{
    static const struct {
        const char *text;
        bool json;
    } cases[] = {{"schema,run_id", false}, {" \r\n\t{", true}, {"\n[", false}, {"  ", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *const in = fmemopen((void *)(uintptr_t)cases[i].text, strlen(cases[i].text), "r");
        assert_int_equal(detect_file_is_json(in), cases[i].json);
        assert_int_equal(getc(in), cases[i].text[0]);
        fclose(in);
    }
}
