/* SPDX-License-Identifier: MIT
 * analysis/html and analysis/charts/svg: no text from outside becomes markup. */
#include "tests/test.h"

#include "analysis/charts/svg.h"
#include "analysis/format/html.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct page {
    char *text;
    size_t size;
    FILE *out;
};

static struct page *page_new(void)
{
    struct page *const p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->out = open_memstream(&p->text, &p->size);
    assert_non_null(p->out);
    return p;
}

static void page_is(struct page *p, const char *want)
{
    assert_int_equal(fclose(p->out), 0);
    assert_string_equal(p->text, want);
    free(p->text);
    free(p);
}

static void what_html_means_is_escaped(void **state)
{
    (void)state;
    struct page *p = page_new();
    html_text(p->out, "<a b=\"c\" d='e'>&amp;");
    html_text(p->out, NULL);
    page_is(p, "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
    p = page_new();
    html_print(p->out, "p", "note", "%s %d%%", "<b>", 5);
    html_print(p->out, "b", NULL, "x");
    html_print_text(p->out, "%s", "<i>");
    page_is(p, "<p class=\"note\">&lt;b&gt; 5%</p>\n<b>x</b>\n&lt;i&gt;");
}

#define BAD "\xef\xbf\xbd"

/* RFC 3629: each lead byte with its least and its greatest sequence, and what is just outside. */
static void what_is_no_utf8_is_replaced(void **state)
{
    (void)state;
    static const char *const kept[] = {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\t\n", "–×’"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct page *const p = page_new();
        html_text(p->out, kept[i]);
        page_is(p, kept[i]);
    }
    static const char *const replaced[][2] = {{"\x01\x1f\x7f\r", BAD BAD BAD BAD},
        {"\x80"
         "a",
            BAD "a"},
        {"\xc0\xaf", BAD BAD}, {"\xc1\xbf", BAD BAD}, {"\xe0\x9f\xbf", BAD BAD BAD},
        {"\xed\xa0\x80", BAD BAD BAD}, {"\xf0\x8f\xbf\xbf", BAD BAD BAD BAD},
        {"\xf4\x90\x80\x80", BAD BAD BAD BAD}, {"\xf5\x80", BAD BAD}, {"\xc3", BAD},
        {"\xe2\x80", BAD BAD}, {"\xf0\x9f\x98<", BAD BAD BAD "&lt;"}};
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) {
        struct page *const p = page_new();
        html_text(p->out, replaced[i][0]);
        page_is(p, replaced[i][1]);
    }
}

static void a_table_has_head_classes_and_escaped_cells(void **state)
{
    (void)state;
    struct table *const t = table_new();
    table_column(t, "<op>", TABLE_LEFT);
    table_column(t, "ns", TABLE_RIGHT);
    table_row(t);
    table_cell(t, PAINT_WARN, "%s", "a&b");
    table_cell(t, PAINT_BAD, "1.5");
    table_row(t);
    table_cell(t, PAINT_NONE, NULL);
    struct page *const p = page_new();
    assert_int_equal(html_table(p->out, t, "\"caption\""), 0);
    page_is(p,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"&quot;caption&quot;\"><table>"
        "<caption>&quot;caption&quot;</caption>\n<thead><tr><th scope=\"col\">&lt;op&gt;</th>"
        "<th scope=\"col\" class=\"num\">ns</th></tr></thead>\n<tbody>\n"
        "<tr><td class=\"warn\">a&amp;b</td><td class=\"num bad\">1.5</td></tr>\n"
        "<tr><td></td><td class=\"num\"></td></tr>\n</tbody>\n</table></div>\n");
    table_free(t);
}

static void a_table_out_of_memory_is_none(void **state)
{
    (void)state;
    struct page *const p = page_new();
    assert_int_equal(html_table(p->out, NULL, "x"), -ENOMEM);
    page_is(p, "");
}

static void an_svg_gets_a_name_and_ids_of_its_own(void **state)
{
    (void)state;
    static const char svg[] =
        "<?xml version=\"1.0\"?>\n<svg width=\"9\" viewBox=\"0 0 9 8\">\n<desc>by gnuplot</desc>"
        "<g id=\"gnuplot_canvas\"><path id='p'/><use xlink:href='#p'/><i "
        "a=\"url(#q)\"/></g></svg>\n";
    const struct svg_label label = {"c1", "a <title>", "b & c"};
    struct page *const p = page_new();
    assert_int_equal(svg_print(p->out, svg, sizeof svg - 1, &label), 0);
    page_is(p,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
        "viewBox=\"0 0 9 8\" "
        "role=\"img\" aria-labelledby=\"c1-title c1-desc\">\n<title id=\"c1-title\">a "
        "&lt;title&gt;</title>\n"
        "<desc id=\"c1-desc\">b &amp; c</desc>\n<g id=\"c1-gnuplot_canvas\"><path id='c1-p'/>"
        "<use xlink:href='#c1-p'/><i a=\"url(#c1-q)\"/></g></svg>\n");
}

static void half_an_svg_is_none(void **state)
{
    (void)state;
    static const char *const broken[] = {"", "<svg>", "<svg viewBox=\"0 0 1 1",
        "<svg viewBox=\"0 0 1 1\"></svg>", "<svg viewBox=\"0 0 1 1\"><g id=\"gnuplot_canvas\">"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct page *const p = page_new();
        const struct svg_label label = {"c", "", ""};
        assert_int_equal(svg_print(p->out, broken[i], strlen(broken[i]), &label), -EINVAL);
        page_is(p, "");
    }
}
