/* SPDX-License-Identifier: MIT
 * One finding on the page: what, what to change, what that wins, the line, who and from where. */
#include "analysis/report/report_detect.h"

#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"
#include "analysis/sharing/sharing_frame.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ROWS_MAX = 60, FRAMES_SHOWN = 6 };

static void cell_text(struct table *t, const char *text)
{
    table_cell(t, PAINT_NONE, "%s", text ? text : "");
}

static void frame_text(const json_t *frame, char *out, size_t size)
{
    const struct dwarf_frame f = {.function = detect_file_text(frame, "function"),
        .file = detect_file_text(frame, "file"),
        .line = (unsigned)detect_file_count(frame, "line"),
        .module = detect_file_text(frame, "module"),
        .offset = (uint64_t)detect_file_count(frame, "offset")};
    sharing_frame_text(&f, out, size);
}

static void put_head(const json_t *finding, size_t number, FILE *out)
{
    fprintf(out, "<h4>%zu. ", number);
    report_detect_print_kind(finding, out);
    fputs(": ", out);
    report_detect_print_object(json_object_get(finding, "object"), out);
    fputs("</h4>\n", out);
}

static void put_amount(const json_t *finding, bool alone, FILE *out)
{
    const json_t *const handovers = json_object_get(finding, "handovers");
    char a[CELL_TEXT], b[CELL_TEXT], c[CELL_TEXT];
    fputs("<p>", out);
    html_print_text(out, "%.3g%% of all accesses. ", 100 * detect_file_real(finding, "share"));
    if (detect_file_text(finding, "latent"))
        html_print_text(out, "Up to %s false hand-overs.",
            count_text((double)detect_file_count(handovers, "possible"), a));
    else
        html_print_text(out, "Hand-overs: %s false (%s a second), %s true.",
            count_text((double)detect_file_count(handovers, "false"), a),
            count_text(detect_file_real(handovers, "per_second"), b),
            count_text((double)detect_file_count(handovers, "true"), c));
    if (!alone)
        html_print_text(out, " In process %" PRId64 ".", detect_file_count(finding, "pid"));
    fputs("</p>\n", out);
}

/* Where it was allocated, and what lies on the same lines. */
static void put_made(const json_t *object, FILE *out)
{
    const json_t *const stack = json_object_get(object, "allocated");
    char text[600];
    for (size_t i = 0; i < json_array_size(stack) && i < FRAMES_SHOWN; i++) {
        const char *const function = detect_file_text(json_array_get(stack, i), "function");
        frame_text(json_array_get(stack, i), text, sizeof text);
        html_print_text(out, "%s %s", i ? ", called by" : " Made in", text);
        if (!function || strcmp(function, "main") == 0)
            break;
    }
    fputs(json_array_size(stack) ? "." : "", out);
}

static void put_objects(const json_t *finding, FILE *out)
{
    const json_t *const beside = json_object_get(finding, "beside");
    const json_t *const object = json_object_get(finding, "object");
    if (json_array_size(beside) + json_array_size(json_object_get(object, "allocated")) == 0)
        return;
    fputs("<p class=\"note\">", out);
    put_made(object, out);
    for (size_t i = 0; i < json_array_size(beside) && i < ROWS_MAX; i++) {
        fputs(" Beside it: ", out);
        report_detect_print_object(json_array_get(beside, i), out);
        fputs(".", out);
        put_made(json_array_get(beside, i), out);
    }
    fputs("</p>\n", out);
}

static void put_item(const char *class, const char *what, const char *text, FILE *out)
{
    fprintf(out, "<li class=\"%s\">", class);
    html_print(out, "strong", NULL, "%s:", what);
    html_print_text(out, "%s.", text);
    fputs("</li>\n", out);
}

static void put_advice(const json_t *finding, FILE *out)
{
    const char *const suggestion = detect_file_text(json_object_get(finding, "suggestion"), "text");
    struct price price;
    char text[600];
    report_detect_price(finding, &price);
    price_text(&price, text, sizeof text);
    fputs("<ul class=\"warnings\">\n", out);
    put_item("good", "Suggestion", suggestion ? suggestion : "none", out);
    put_item(price.verdict == PRICE_GAIN && price.happens ? "bad" : "note", "Gain", text, out);
    snprintf(text, sizeof text, "an access takes %.3g ns, and %.3g ns on lines of its own",
        price.shared_ns.mid, price.padded_ns.mid);
    if (price.known && isfinite(price.shared_ns.mid) && isfinite(price.padded_ns.mid))
        put_item("note", "Price", text, out);
    fputs("</ul>\n", out);
}

/* Frees the table. */
static int put_table(struct table *table, const char *caption, size_t all, FILE *out)
{
    fputs("<figure><figcaption>", out);
    html_text(out, caption);
    fputs("</figcaption>\n", out);
    const int code = report_print_table(out, table, caption);
    if (all > ROWS_MAX)
        html_print(
            out, "p", "note", "%zu more are in the JSON and not shown here.", all - ROWS_MAX);
    fputs("</figure>\n", out);
    return code;
}

static int put_threads(const json_t *finding, FILE *out)
{
    const json_t *const threads = json_object_get(finding, "threads");
    struct table *const t = estimate_table("thread|tid>|name|reads>|writes>|started in");
    for (size_t i = 0; i < json_array_size(threads) && i < ROWS_MAX; i++) {
        const json_t *const thread = json_array_get(threads, i);
        const json_t *const started = json_object_get(thread, "started");
        char place[600] = "";
        if (json_is_object(started))
            frame_text(started, place, sizeof place);
        table_row(t);
        cell_text(t, detect_file_text(thread, "letter"));
        cell_int(t, detect_file_count(thread, "tid"));
        cell_text(t, detect_file_text(thread, "name"));
        cell_int(t, detect_file_count(thread, "reads"));
        cell_int(t, detect_file_count(thread, "writes"));
        cell_text(t, place);
    }
    return put_table(t, "Threads", json_array_size(threads), out);
}

/* A site's share of what its thread did on these lines: the counts say no more than that. */
static double share_of(const json_t *sites, const json_t *site)
{
    const char *const thread = detect_file_text(site, "thread");
    double all = 0;
    for (size_t i = 0; i < json_array_size(sites); i++) {
        const json_t *const other = json_array_get(sites, i);
        if (strcmp(detect_file_text(other, "thread"), thread) == 0)
            all += (double)detect_file_count(other, "count");
    }
    return all > 0 ? 100 * (double)detect_file_count(site, "count") / all : 0;
}

static const char *access_of(const json_t *site)
{
    static const char *const words[] = {"", "read", "write", "read, write"};
    return words[json_is_true(json_object_get(site, "read")) +
                 2 * json_is_true(json_object_get(site, "write"))];
}

static int put_sites(const json_t *finding, FILE *out)
{
    const json_t *const sites = json_object_get(finding, "lines");
    struct table *const t = estimate_table("thread|access|share>|where");
    for (size_t i = 0; i < json_array_size(sites) && i < ROWS_MAX; i++) {
        const json_t *const site = json_array_get(sites, i);
        char place[600];
        frame_text(site, place, sizeof place);
        table_row(t);
        cell_text(t, detect_file_text(site, "thread"));
        cell_text(t, access_of(site));
        table_cell(t, PAINT_NONE, "%.0f%%", share_of(sites, site));
        cell_text(t, place);
    }
    return put_table(t, "Accesses", json_array_size(sites), out);
}

static const char *name_of(const json_t *finding, int64_t index)
{
    const json_t *const object =
        index == 0 ? json_object_get(finding, "object")
                   : json_array_get(json_object_get(finding, "beside"), (size_t)index - 1);
    const char *const name = detect_file_text(object, "name");
    const char *const type = detect_file_text(object, "type");
    return name ? name : type ? type : detect_file_text(object, "kind");
}

static int put_fields(const json_t *finding, FILE *out)
{
    const json_t *const fields = json_object_get(finding, "fields");
    struct table *const t = estimate_table("field|of|first byte>|bytes>|read by|written by");
    for (size_t i = 0; i < json_array_size(fields) && i < ROWS_MAX; i++) {
        const json_t *const field = json_array_get(fields, i);
        table_row(t);
        cell_text(t, detect_file_text(field, "name"));
        cell_text(t, name_of(finding, detect_file_count(field, "object")));
        cell_int(t, detect_file_count(field, "first"));
        cell_int(t, detect_file_count(field, "size"));
        cell_text(t, detect_file_text(field, "readers"));
        cell_text(t, detect_file_text(field, "writers"));
    }
    return put_table(t, "Fields, of all lines", json_array_size(fields), out);
}

int report_detect_print_finding(const json_t *finding, size_t number, bool alone, FILE *out)
{
    static int (*const tables[])(const json_t *, FILE *) = {put_threads, put_sites, put_fields};
    const json_t *const picture = json_object_get(finding, "picture");
    int code = 0;
    fputs("<article>\n", out);
    put_head(finding, number, out);
    put_amount(finding, alone, out);
    put_objects(finding, out);
    put_advice(finding, out);
    if (picture)
        report_detect_print_line(picture, out);
    fputs("<div class=\"panels\">\n", out);
    for (size_t i = 0; i < sizeof tables / sizeof *tables && !code; i++)
        code = tables[i](finding, out);
    fputs("</div>\n</article>\n", out);
    return code;
}
