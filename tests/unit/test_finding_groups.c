/* SPDX-License-Identifier: MIT */
#include "tests/test.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/markdown.h"

#include <math.h>
#include <stdlib.h>

/* Two threads with as many accesses; a reader and a writer each. */
static struct sharing_thread threads[] = {{.reads = 500, .writes = 500}, {.writes = 1000}};
static struct sharing_site sites[] = {
    {.thread = 0, .read = true, .count = 75, .frame = {.function = "look"}},
    {.thread = 0, .write = true, .count = 25, .frame = {.function = "add"}},
    {.thread = 1, .read = true, .count = 60, .frame = {.function = "look"}},
    {.thread = 1, .write = true, .count = 40, .frame = {.module = "/bin/app", .offset = 16}},
};
static struct sharing_field fields[] = {{.name = "[0].hits"}, {.name = "[1].hits"},
    {.name = "[1].part[3]"}, {.name = "x", .object = 1}};
static struct sharing_object stats = {
    .kind = OBJECT_GLOBAL, .name = "stats", .type_name = "struct stats[2]"};
static struct sharing_object heap = {.kind = OBJECT_HEAP, .type_name = "struct stats"};
static struct sharing_object total = {.kind = OBJECT_GLOBAL, .name = "total", .type_name = "long"};

static struct finding_view finding(struct sharing_object *object)
{
    struct finding_view f = {.object = object, .cache_lines = 2, .handovers = {.per_second = 100}};
    f.threads.at = threads;
    f.threads.count = 2;
    f.sites.at = sites;
    f.sites.count = 4;
    f.fields.at = fields;
    f.fields.count = 4;
    return f;
}

static void hand_overs_are_divided_among_functions_that_conflict(void **state)
{
    (void)state;
    struct finding_view f[] = {finding(&stats), finding(&stats), finding(&total)};
    struct detect_view view = {.findings = {f, 3}};
    f[1].latent = LATENT_TURNS;
    f[1].handovers.possible = 1000;
    f[2].kind = SHARING_TRUE;
    detect_view_group_functions(&view);
    /* look and the place: 0.75 * 0.4; add and look: 0.25 * 0.6; add and the place: 0.25 * 0.4. Two
     * that only read do not conflict. */
    static const struct {
        const char *functions[2];
        double part;
    } want[] = {{{"app+0x10", "look"}, 0.3}, {{"add", "look"}, 0.15}, {{"add", "app+0x10"}, 0.1}};
    assert_int_equal(view.by_function.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct view_pair *const pair = &view.by_function.at[i];
        assert_string_equal(pair->functions.at[0], want[i].functions[0]);
        assert_string_equal(pair->functions.at[1], want[i].functions[1]);
        assert_string_equal(pair->object, "stats");
        assert_true(fabs(pair->per_second - 100 * want[i].part / 0.55) < 1e-6);
        assert_in_range(pair->possible, (uint64_t)(1000 * want[i].part / 0.55) - 1,
            (uint64_t)(1000 * want[i].part / 0.55) + 1);
    }
    detect_view_fini(&view);
}

static void findings_of_a_type_are_one_row(void **state)
{
    (void)state;
    struct finding_view f[] = {finding(NULL), finding(&stats), finding(&heap), finding(&total)};
    struct detect_view view = {.findings = {f, 4}};
    f[0].latent = LATENT_START;
    f[0].handovers.possible = 7;
    f[3].kind = SHARING_TRUE;
    detect_view_group_types(&view);
    assert_int_equal(view.by_type.count, 2);
    const struct view_type *const type = view.by_type.at;
    assert_string_equal(type[0].type, "struct stats");
    assert_int_equal(type[0].cache_lines, 4);
    assert_true(fabs(type[0].per_second - 200) < 1e-6);
    assert_int_equal(type[0].objects.count, 2);
    assert_string_equal(type[0].objects.at[1], "struct stats");
    assert_int_equal(type[0].fields.count, 2);
    assert_string_equal(type[0].fields.at[0], "hits");
    assert_string_equal(type[0].fields.at[1], "part[]");
    assert_string_equal(type[1].type, "unknown memory");
    assert_int_equal(type[1].possible, 7);
    detect_view_fini(&view);
}

static void a_title_names_the_object_and_what_it_takes(void **state)
{
    (void)state;
    char text[FINDING_TEXT];
    struct finding_view f = finding(&stats);
    f.share = 0.5;
    assert_string_equal(title_text(&f, text), "false sharing: global stats (struct stats[2])");
    assert_string_equal(amount_text(&f, text),
        "50% of all accesses; 2 lines; hand-overs: 0 false (100 a second), 0 true");
    f.latent = LATENT_WIDE;
    f.others.at = &heap;
    f.others.count = 1;
    assert_string_equal(title_text(&f, text),
        "latent false sharing: global stats (struct stats[2]), and what shares its lines");
    assert_string_equal(amount_text(&f, text),
        "50% of all accesses; 2 lines. With lines of 128 bytes, up to 0 hand-overs");
}

static void what_markdown_obeys_is_escaped(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    markdown_text(out, "a|`<b>` [c](d) *e*\n# f");
    markdown_print_text(out, "%s&%d", " \\", 1);
    fclose(out);
    assert_string_equal(text, "a\\|\\`\\<b\\>\\` \\[c\\](d) \\*e\\* # f \\\\\\&1");
    free(text);
}
