/* SPDX-License-Identifier: MIT
 * base/debug: domains are named in a list, and only theirs is printed. */
#include "tests/test.h"

#include "base/debug.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What one message of each domain prints. */
static void print_all(char out[static 256])
{
    FILE *const file = tmpfile();
    const int before = dup(STDERR_FILENO);
    assert_non_null(file);
    fflush(stderr);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    for (int d = 0; d < DEBUG_DOMAINS; d++)
        debug((enum debug_domain)d, "message %d", d);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(file);
    out[fread(out, 1, 255, file)] = '\0';
    fclose(file);
}

static void nothing_is_printed_unless_asked_for(void **state)
{
    (void)state;
    char text[256];
    static const char *const none[] = {NULL, ""};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(debug_init(none[i], NULL), 0);
        print_all(text);
        assert_string_equal(text, "");
    }
}

static void only_named_domains_are_printed(void **state)
{
    (void)state;
    char text[256];
    assert_int_equal(debug_init("dwarf,plan", NULL), 0);
    assert_true(debug_is_on(DEBUG_PLAN) && !debug_is_on(DEBUG_PERF));
    print_all(text);
    assert_string_equal(text, "numaprobe: plan: message 0\nnumaprobe: dwarf: message 2\n");
    assert_int_equal(debug_init("all", NULL), 0);
    for (int d = 0; d < DEBUG_DOMAINS; d++)
        assert_true(debug_is_on((enum debug_domain)d));
}

static void an_unknown_domain_is_an_error(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(debug_init("plan,perv", &err), -ENOENT);
    assert_string_equal(err.text, "NUMAPROBE_DEBUG: unknown domain 'perv'; did you mean 'perf'; "
                                  "known: plan, perf, dwarf, price, watch, all");
    assert_false(debug_is_on(DEBUG_PLAN));
    assert_int_equal(debug_init("plan,,perf", &err), -EINVAL);
}
