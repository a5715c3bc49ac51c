/* SPDX-License-Identifier: MIT
 * Rewrites the root and the ids of an SVG of gnuplot. */
#include "analysis/charts/svg.h"

#include "analysis/format/html.h"

#include <errno.h>
#include <string.h>

static const char *find_text(const char *from, const char *end, const char *text)
{
    return memmem(from, (size_t)(end - from), text, strlen(text));
}

static bool begins_with(const char *at, const char *end, const char *text)
{
    const size_t length = strlen(text);
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

/* What an id follows: where it is given, and where it is referred to. */
static const char *const before_id[] = {" id='", " id=\"", "href='#", "href=\"#", "url(#"};

static size_t id_begins(const char *at, const char *end)
{
    for (size_t i = 0; i < sizeof before_id / sizeof *before_id; i++)
        if (begins_with(at, end, before_id[i]))
            return strlen(before_id[i]);
    return 0;
}

static void print_root(FILE *out, const char *box, const char *quote, const struct svg_label *label)
{
    fprintf(out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
        "viewBox=\"%.*s\" role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n",
        (int)(quote - box), box, label->prefix, label->prefix);
    fprintf(out, "<title id=\"%s-title\">", label->prefix);
    html_text(out, label->title);
    fprintf(out, "</title>\n<desc id=\"%s-desc\">", label->prefix);
    html_text(out, label->description);
    fputs("</desc>\n", out);
}

int svg_print(FILE *out, const char *svg, size_t size, const struct svg_label *label)
{
    const char *const end = svg + size;
    const char *box = find_text(svg, end, "viewBox=\"");
    const char *at = box ? find_text(box, end, "<g id=\"gnuplot_canvas\">") : NULL;
    const char *const quote = box ? memchr(box + 9, '"', (size_t)(end - box - 9)) : NULL;
    if (!at || !quote || !find_text(at, end, "</svg>"))
        return -EINVAL;
    print_root(out, box + 9, quote, label);
    while (at < end) {
        const size_t skip = id_begins(at, end);
        if (skip) {
            fwrite(at, 1, skip, out);
            fprintf(out, "%s-", label->prefix);
        } else {
            fputc(*at, out);
        }
        at += skip ? skip : 1;
    }
    return 0;
}
