/* SPDX-License-Identifier: MIT
 * analysis/ab/ab_csv: written and read. */
#include "tests/test.h"

#include "analysis/ab/ab_csv.h"
#include "tests/ab_series.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A CSV in memory; the caller frees it. */
static char *written(const struct ab_session *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    assert_non_null(out);
    ab_csv_write(s, out);
    fclose(out);
    char *const copy = strdup(text);
    free(text);
    return copy;
}

static int read_text(const char *text, struct ab_sessions *sessions, struct err *err)
{
    FILE *const in = fmemopen((char *)text, strlen(text), "r");
    assert_non_null(in);
    const int code = ab_csv_read(in, "a.csv", sessions, err);
    fclose(in);
    return code;
}

static void a_session_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_sessions read = {0};
    struct rng rng;
    struct err err = {0};
    rng_seed(&rng, 1);
    add_blocks(&s, &noisy, &rng, 0, 5);
    s.run[4].accepted = false;
    s.run[4].reject_reason = "canary moved";
    char *const text = written(&s);
    assert_int_equal(read_text(text, &read, &err), 0);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.session[0].programs, PROGRAMS);
    assert_string_equal(read.session[0].command[1], s.command[1]);
    assert_string_equal(read.session[0].cpu_model, s.cpu_model);
    assert_int_equal(read.session[0].runs, s.runs);
    for (size_t i = 0; i < s.runs; i++) {
        assert_int_equal(read.session[0].run[i].slot, s.run[i].slot);
        assert_int_equal(read.session[0].run[i].accepted, s.run[i].accepted);
        assert_true(
            fabs(read.session[0].run[i].value[AB_WALL] / s.run[i].value[AB_WALL] - 1) < 1e-8);
        assert_true(isnan(read.session[0].run[i].value[AB_MEMORY]));
    }
    assert_int_equal(read_text(text, &read, &err), -EINVAL);
    assert_non_null(strstr(err.text, "session 1 is also in a file before"));
    ab_sessions_fini(&read);
    free(text);
    free(s.run);
}

static void a_file_without_events_is_read(void **state)
{
    (void)state;
    struct ab_session s = new_session();
    struct ab_sessions read = {0};
    struct err err = {0};
    for (unsigned slot = 0; slot <= PROGRAMS; slot++) {
        add_run(&s, 0, slot, 1);
        s.run[slot].value[AB_EVENT + EVENT_RFO] = 12;
    }
    s.counters = "perf: rfo=x";
    char *const text = written(&s);
    assert_int_equal(read_text(text, &read, &err), 0);
    assert_string_equal(read.session[0].counters, s.counters);
    assert_true(read.session[0].run[1].value[AB_EVENT + EVENT_RFO] == 12);
    ab_sessions_fini(&read);
    memcpy(strstr(text, ",counters"), ",COUNTERS", 9);
    memcpy(strstr(text, ",rfo"), ",RFO", 4);
    assert_int_equal(read_text(text, &read, &err), 0);
    assert_string_equal(read.session[0].counters, "");
    assert_true(isnan(read.session[0].run[1].value[AB_EVENT + EVENT_RFO]));
    ab_sessions_fini(&read);
    free(text);
    free(s.run);
}

static void broken_files_are_refused_in_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *why;
    } rows[] = {
        {"ab_schema", "schema", "a.csv:1: column 'ab_schema' is missing"},
        {"\r\n1,", "\r\nx,", "a.csv:2: column 'ab_schema': 'x' is not a count"},
        {",control,", ",e,", "column 'program': 'e' is not a, b, c, d or control"},
        {",b,", ",c,", "has no run of program b"},
        {",canary moved,", ",,nan", "is not a number"},
    };
    struct ab_session s = new_session();
    add_run(&s, 0, 0, 1);
    add_run(&s, 0, 1, 1);
    add_run(&s, 0, 2, 1);
    s.run[0].reject_reason = "canary moved";
    char *const text = written(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char broken[4096];
        struct ab_sessions read = {0};
        struct err err = {0};
        const char *const at = strstr(text, rows[i].from);
        assert_non_null(at);
        snprintf(broken, sizeof broken, "%.*s%s%s", (int)(at - text), text, rows[i].to,
            at + strlen(rows[i].from));
        assert_int_equal(read_text(broken, &read, &err), -EINVAL);
        if (!strstr(err.text, rows[i].why))
            fail_msg("'%s', not '%s'", err.text, rows[i].why);
        ab_sessions_fini(&read);
    }
    free(text);
    free(s.run);
}
