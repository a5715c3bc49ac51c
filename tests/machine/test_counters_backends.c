/* SPDX-License-Identifier: MIT
 * probes/counters/backend_*.c: every backend keeps to backend.h and says why where it cannot
 * count. What they count is in test_counters_counting.c. */
#include "base/arch/arch.h"
#include "tests/backends.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void assert_reason(const char *of, const struct err *err)
{
    if (err->code >= 0 || !*err->text || strpbrk(err->text, "\n\r"))
        fail_msg("%s: code %d, '%s'", of, err->code, err->text);
}

static void every_backend_is_whole(void **state)
{
    (void)state;
    assert_true(backend_count >= 3);
    for (size_t i = 0; i < backend_count; i++) {
        const struct backend *const b = backend_table[i];
        assert_true(*b->name && *b->summary);
        assert_true(b->ready && b->fit && b->open && b->read && b->close && b->how);
        b->close(NULL);
    }
    assert_ptr_equal(find("rusage"), &backend_rusage);
}

static void ready_or_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < backend_count; i++) {
        struct err err = {0};
        const int code = backend_table[i]->ready(&err);
        assert_true(code <= 0);
        print_message("# %s: %s\n", backend_table[i]->name, code ? err.text : "ready");
        if (code)
            assert_reason(backend_table[i]->name, &err);
        assert_int_equal(backend_table[i]->ready(NULL), code);
    }
}

/* Also that refusing it did not harm the events beside it. */
static void an_unknown_event_has_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < backend_count; i++) {
        const struct backend *const b = backend_table[i];
        struct backend_event event[] = {
            {.name = "cycles"}, {.name = "no-such-event-xyz"}, {.name = "instructions"}};
        b->fit(event, 3);
        assert_false(event[1].fits);
        assert_reason(b->name, &event[1].why);
        for (size_t k = 0; k < 3; k += 2)
            if (!event[k].fits)
                assert_reason(b->name, &event[k].why);
        if (b->ready(NULL) == 0) {
            assert_true(event[0].fits || event[2].fits);
            assert_non_null(strstr(event[1].why.text, event[1].name));
        }
        b->fit(NULL, 0);
    }
}

static void names_that_are_none(void **state)
{
    (void)state;
    char longest[301] = "";
    memset(longest, 'x', sizeof longest - 1);
    char pmu[301] = "", field[301] = "msr/", *const names[] = {longest, pmu, field};
    memset(pmu, 'x', sizeof pmu - 1);
    pmu[200] = '/', pmu[299] = '/';
    memset(field + 4, 'x', sizeof field - 6);
    field[299] = '/';
    static const char *const bad[] = {"", "/", "//", "msr", "msr/", "msr/nofield=1/",
        "msr/event=0xfffffffffffffffff/", "msr/event=-1/", "msr/event=/", "cpu/event=/",
        "nopmu/x=1/", "../x/", "rzz", "r", ":", "::", ":::", "PAPI_", "PAPI_NO_SUCH",
        "perf::", "perf_event:::no", "%s%n"};
    for (size_t i = 0; i < backend_count; i++)
        for (size_t k = 0; k < sizeof bad / sizeof *bad + 3; k++) {
            const size_t given = sizeof bad / sizeof *bad;
            struct backend_event event = {.name = k < given ? bad[k] : names[k - given]};
            backend_table[i]->fit(&event, 1);
            if (event.fits)
                fail_msg("%s takes '%s'", backend_table[i]->name, event.name);
            assert_reason(event.name, &event.why);
        }
}

static void what_cannot_be_opened_reads_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < backend_count; i++) {
        const struct backend *const b = backend_table[i];
        const struct backend_event event = {.name = "no-such-event-xyz", .fits = true};
        struct backend_set *set = NULL;
        struct backend_value value = {.read = true, .count = 1};
        struct err err = {0};
        if (b->open(&event, 1, &here, &set, &err)) {
            assert_reason(b->name, &err);
            continue;
        }
        b->read(set, &value);
        assert_false(value.read);
        b->close(set);
    }
}
