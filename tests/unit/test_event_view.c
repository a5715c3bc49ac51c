/* SPDX-License-Identifier: MIT
 * cli/events/event_view: which roles a report shows, and what it states of the others. */
#include "tests/test.h"

#include "base/table_data.h"
#include "cli/events/event_view.h"
#include "tests/panels_made.h"

#include <stdlib.h>
#include <string.h>

enum { ROLES = 4 };

/* rfo and l3-miss are counted, cycles are not, and an event by name is. */
static struct counters made_counters(void)
{
    static const struct backend perf = {.name = "perf"};
    static const char missing[] = "this processor has none";
    struct counters c = {.backend = &perf, .roles = ROLES, .events = 3};
    const enum event_role role[ROLES] = {EVENT_CYCLES, EVENT_RFO, EVENT_L3_MISS, EVENT_RAW1};
    for (size_t i = 0; i < ROLES; i++)
        c.role[i] = (struct counters_role){
            .role = role[i], .counted = i > 0, .proven = true, .line.sees = EVENT_ALL};
    c.role[2].line.scope = EVENT_L3;
    c.role[3].line.formula = "task-clock";
    memcpy(c.role[0].why.text, missing, sizeof missing);
    return c;
}

static struct estimate made_estimate(double rfo, double miss, double raw)
{
    struct estimate e = {.layout = "rwlock"};
    for (int i = 0; i < EVENT_HARDWARE; i++)
        e.per_op[i] = INTERVAL_NONE;
    e.per_op[EVENT_RFO] = (struct interval){rfo, rfo, rfo, 24};
    e.per_op[EVENT_L3_MISS] = (struct interval){miss, miss, miss, 24};
    e.per_op[EVENT_RAW1] = (struct interval){raw, raw, raw, 24};
    return e;
}

static void all_that_were_asked_for_have_a_column(void **state)
{
    (void)state;
    struct counters c = made_counters();
    struct estimate e[] = {made_estimate(1.5, 0.25, 70), made_estimate(2, 0, 80)};
    e[1].per_op[EVENT_RAW1] = INTERVAL_NONE; /* of another process */
    const struct summary summary = {.estimate = e, .count = 2};
    const struct event_view view = event_view_of(&c, "read()", "auto", "cycles,rfo,l3-miss,x");
    const struct event_shown shown = event_view_shown(&view, &summary);
    assert_int_equal(shown.count, 3);
    struct table *const t = table_with("strategy");
    event_view_columns(&view, &shown, t);
    for (size_t i = 0; i < 2; i++) {
        TABLE_ROW(t, e[i].layout);
        event_view_cells(&shown, &e[i], t);
    }
    assert_int_equal(t->columns, 4);
    assert_string_equal(cell(t, 0, "rfo/op"), "1.50");
    assert_string_equal(cell(t, 0, "l3-miss[l3]/op"), "0.250");
    assert_string_equal(cell(t, 0, "task-clock/op"), "70.0");
    assert_string_equal(cell(t, 1, "task-clock/op"), "");
    table_free(t);
}

/* By default the role that shows contested lines, and L3 misses. */
static void by_default_the_telling_ones_have_a_column(void **state)
{
    (void)state;
    struct counters c = made_counters();
    struct estimate e = made_estimate(1.5, 0.25, 70);
    const struct summary summary = {.estimate = &e, .count = 1};
    const struct event_view view = event_view_of(&c, "", "auto", NULL);
    const struct event_shown shown = event_view_shown(&view, &summary);
    assert_int_equal(shown.count, 2);
    assert_int_equal(shown.role[0], EVENT_RFO);
    assert_int_equal(shown.role[1], EVENT_L3_MISS);
    json_t *const json = event_view_json(&view, &e);
    assert_int_equal(json_object_size(json), 3);
    assert_null(json_object_get(json, "cycles"));
    assert_non_null(json_object_get(json, "task-clock"));
    json_decref(json);
}

/* The notes, with lines as they come; the caller frees them. */
static char *report_of(const struct event_view *view)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    assert_non_null(out);
    event_view_report(view, out);
    fclose(out);
    return text;
}

static void check_report(const struct event_view *view, const char *expected)
{
    char *const text = report_of(view);
    assert_string_equal(text, expected);
    free(text);
}

static void what_is_not_counted_has_its_reason(void **state)
{
    (void)state;
    struct counters c = made_counters(), nothing = {.none = "the kernel has no such event here"};
    const struct event_view asked = event_view_of(&c, "read()", "perf", NULL);
    const struct event_view lacking = event_view_of(&nothing, "", "auto", NULL);
    const struct event_view off = event_view_of(&nothing, "", "none", NULL);
    check_report(&asked, "Events: perf (as asked), read(); a processor without an event file.\n"
                         "cycles: this processor has none.\n");
    check_report(&lacking, "No events were counted: the kernel has no such event here.\n");
    check_report(&off, "");
}
