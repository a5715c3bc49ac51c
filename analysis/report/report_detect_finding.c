/* SPDX-License-Identifier: MIT
 * One finding on the page: what it is, what to change, what that gains, the line, and the accesses
 * with their threads and places. */
#include "analysis/report/report_detect.h"

#include "analysis/finding/finding_text.h"
#include "analysis/finding/line_map.h"
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ROWS_MAX = 60 };

static void cell_text(struct table *t, const char *text)
{
    table_cell(t, PAINT_NONE, "%s", text ? text : "");
}

static void cell_letter(struct table *t, size_t thread)
{
    table_cell(t, PAINT_NONE, "%c", line_map_letter(thread));
}

static void print_head(const struct finding_view *f, size_t number, FILE *out)
{
    fprintf(out, "<h4>%zu. ", number);
    report_detect_print_kind(f, out);
    fputs(": ", out);
    report_detect_print_object(f->object, out);
    fputs("</h4>\n", out);
}

static void print_amount(const struct finding_view *f, bool alone, FILE *out)
{
    char text[FINDING_TEXT], share[CELL_TEXT];
    fputs("<p>", out);
    html_print_text(out, "%s of all accesses. ", share_text(f->share, share));
    html_print_text(
        out, f->latent ? "Up to %s false hand-overs." : "Hand-overs: %s.", handovers_text(f, text));
    if (!alone)
        html_print_text(out, " In process %" PRIu64 ".", f->pid);
    fputs("</p>\n", out);
}

static void print_calls(const struct sharing_object *object, FILE *out)
{
    const size_t calls = object_calls(object);
    char text[FINDING_TEXT];
    for (size_t i = 0; i < calls; i++)
        html_print_text(out, "%s %s", i ? ", called by" : " Made in",
            frame_text(&object->allocated.at[i], text));
    fputs(calls ? "." : "", out);
}

/* Where it was allocated, and what lies on the same lines. */
static void print_objects(const struct finding_view *f, FILE *out)
{
    if (f->others.count == 0 && !(f->object && f->object->allocated.count))
        return;
    fputs("<p class=\"note\">", out);
    if (f->object)
        print_calls(f->object, out);
    for (size_t i = 0; i < f->others.count && i < ROWS_MAX; i++) {
        fputs(" Next to it: ", out);
        report_detect_print_object(&f->others.at[i], out);
        fputs(".", out);
        print_calls(&f->others.at[i], out);
    }
    fputs("</p>\n", out);
}

static void print_item(const char *class, const char *what, const char *text, FILE *out)
{
    fprintf(out, "<li class=\"%s\">", class);
    html_print(out, "strong", NULL, "%s:", what);
    html_print_text(out, "%s.", text);
    fputs("</li>\n", out);
}

static void print_advice(const struct finding_view *f, FILE *out)
{
    const struct price *const price = &f->price;
    char text[FINDING_TEXT];
    if (!*relief_text(f, text))
        price_text(price, text, sizeof text);
    fputs("<ul class=\"warnings\">\n", out);
    print_item("note", "Suggestion", *f->suggestion.text ? f->suggestion.text : "none", out);
    print_item(price->verdict == PRICE_GAIN && price->happens ? "good" : "note", "Gain", text, out);
    if (*access_time_text(price, text))
        print_item("note", "Price", text, out);
    fputs("</ul>\n", out);
}

/* Frees the table; one without rows is not shown. */
static int print_table(struct table *table, const char *caption, size_t all, FILE *out)
{
    if (all == 0) {
        table_free(table);
        return 0;
    }
    fputs("<figure><figcaption>", out);
    html_text(out, caption);
    fputs("</figcaption>\n", out);
    const int code = report_print_table(out, table, caption);
    report_detect_print_more(all > ROWS_MAX ? all - ROWS_MAX : 0, "", out);
    fputs("</figure>\n", out);
    return code;
}

static int print_threads(const struct finding_view *f, FILE *out)
{
    struct table *const t = table_with("thread|tid>|name|reads>|writes>|started in");
    for (size_t i = 0; i < f->threads.count && i < ROWS_MAX; i++) {
        const struct sharing_thread *const thread = &f->threads.at[i];
        char place[FINDING_TEXT] = "";
        table_row(t);
        cell_letter(t, thread->index);
        cell_int(t, (int64_t)thread->tid);
        table_cell(t, PAINT_NONE, "%s%s", thread->coroutine ? "goroutine " : "", thread->name);
        cell_int(t, (int64_t)thread->reads);
        cell_int(t, (int64_t)thread->writes);
        cell_text(t, thread->started ? frame_text(thread->started, place) : "");
    }
    return print_table(t, "Threads", f->threads.count, out);
}

static int print_sites(const struct finding_view *f, FILE *out)
{
    struct site_row *const row = calloc(f->sites.count + 1, sizeof *row);
    const size_t rows = row ? site_rows(f, row) : 0;
    struct table *const t = table_with("thread|access|share>|where");
    for (size_t i = 0; i < rows && i < ROWS_MAX; i++) {
        const struct sharing_site *const site = row[i].site;
        char place[FINDING_TEXT], share[CELL_TEXT];
        table_row(t);
        cell_letter(t, site->thread);
        cell_text(t, access_text(site));
        table_cell(
            t, PAINT_NONE, "%s", share_text(site_share(f, site->thread, row[i].count), share));
        cell_text(t, frame_text(&site->frame, place));
    }
    free(row);
    return print_table(t, "Accesses", rows, out);
}

static int print_fields(const struct finding_view *f, FILE *out)
{
    struct table *const t = table_with("field|of|first byte>|bytes>|read by|written by");
    for (size_t i = 0; i < f->fields.count && i < ROWS_MAX; i++) {
        const struct sharing_field *const field = &f->fields.at[i];
        char letters[SHARING_SET_BITS + 1];
        table_row(t);
        cell_text(t, field->name);
        cell_text(t, object_name(finding_view_object(f, field->object)));
        cell_int(t, (int64_t)field->first);
        cell_int(t, (int64_t)field->size);
        line_map_letters(field->readers, letters, sizeof letters);
        cell_text(t, letters);
        line_map_letters(field->writers, letters, sizeof letters);
        cell_text(t, letters);
    }
    return print_table(t, "Fields, of all lines", f->fields.count, out);
}

int report_detect_print_finding(
    const struct finding_view *finding, size_t number, bool alone, FILE *out)
{
    fputs("<article>\n", out);
    print_head(finding, number, out);
    print_amount(finding, alone, out);
    print_objects(finding, out);
    print_advice(finding, out);
    if (finding->picture.bytes)
        report_detect_print_line(&finding->picture, out);
    fputs("<div class=\"panels\">\n", out);
    int code = print_threads(finding, out);
    if (!code)
        code = print_sites(finding, out);
    if (!code)
        code = print_fields(finding, out);
    fputs("</div>\n</article>\n", out);
    return code;
}
