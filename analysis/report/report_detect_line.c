/* SPDX-License-Identifier: MIT
 * A cache line as a table: a column for each byte, cells as wide as what one thread did alike
 * within one field. */
#include "analysis/report/report_detect.h"

#include "analysis/format/html.h"

#include <string.h>

enum { COLUMNS = 64, ROWS_SHOWN = 16 };

/* What is drawn as one table: a line of 128 bytes is two. */
struct part {
    size_t first;
    const json_t *field[COLUMNS]; /* that a byte belongs to; the first one told, of several */
};

static bool covers(const json_t *field, size_t byte)
{
    const int64_t first = detect_file_count(field, "first");
    return first <= (int64_t)byte &&
           byte - (uint64_t)first < (uint64_t)detect_file_count(field, "size");
}

static void find_fields(const json_t *fields, struct part *part)
{
    for (size_t i = 0; i < json_array_size(fields); i++)
        for (size_t b = 0; b < COLUMNS; b++)
            if (!part->field[b] && covers(json_array_get(fields, i), part->first + b))
                part->field[b] = json_array_get(fields, i);
}

static void put_scale(const struct part *part, FILE *out)
{
    fputs("<tr><th scope=\"row\">byte</th>", out);
    for (size_t b = 0; b < COLUMNS; b += 8)
        fprintf(out, "<th scope=\"col\" colspan=\"8\">%zu</th>", part->first + b);
    fputs("</tr>\n", out);
}

/* A name that is longer than its field is wide is written upwards where folding it would leave a
 * letter or two a line. */
static void put_name(const char *name, size_t bytes, FILE *out)
{
    const bool upwards = bytes < 8 && 2 * strlen(name) > 3 * bytes;
    fprintf(
        out, "<td class=\"field\" colspan=\"%zu\"><span%s>", bytes, upwards ? " class=\"up\"" : "");
    html_text(out, name);
    fputs("</span></td>", out);
}

static void put_names(const struct part *part, FILE *out)
{
    fputs("<tr><th scope=\"row\">field</th>", out);
    for (size_t b = 0, end; b < COLUMNS; b = end) {
        for (end = b + 1; end < COLUMNS && part->field[end] == part->field[b];)
            end++;
        const char *const name = detect_file_text(part->field[b], "name");
        if (name)
            put_name(name, end - b, out);
        else
            fprintf(out, "<td colspan=\"%zu\"></td>", end - b);
    }
    fputs("</tr>\n", out);
}

static void put_access(char access, size_t bytes, FILE *out)
{
    const char *const text = access == 'B' ? "RW" : access == 'W' ? "W" : access == 'R' ? "R" : "";
    fprintf(out, "<td colspan=\"%zu\"", bytes);
    if (*text)
        fprintf(out, " class=\"%s\"", access == 'R' ? "read" : "written");
    fprintf(out, bytes < 3 && *text ? "><span class=\"up\">%s</span></td>" : ">%s</td>", text);
}

static void put_thread(const json_t *thread, const struct part *part, FILE *out)
{
    const char *const bytes = detect_file_text(thread, "bytes");
    char access[COLUMNS + 1] = "";
    if (strlen(bytes) > part->first)
        snprintf(access, sizeof access, "%s", bytes + part->first);
    fputs("<tr><th scope=\"row\">", out);
    html_text(out, detect_file_text(thread, "letter"));
    fputs("</th>", out);
    for (size_t b = 0, end; b < COLUMNS; b = end) {
        const bool touched = access[b] && strchr("RWB", access[b]);
        for (end = b + 1; end < COLUMNS && access[end] == access[b] &&
                          (!touched || part->field[end] == part->field[b]);)
            end++;
        put_access(access[b], end - b, out);
    }
    fputs("</tr>\n", out);
}

static void put_part(const json_t *picture, size_t first, FILE *out)
{
    const json_t *const threads = json_object_get(picture, "threads");
    struct part part = {.first = first};
    find_fields(json_object_get(picture, "fields"), &part);
    fprintf(out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Bytes %zu to %zu\">"
        "<table class=\"bytes\"><caption>Who touches bytes %zu to %zu</caption><colgroup><col>"
        "<col span=\"%d\"></colgroup>\n<thead>",
        first, first + COLUMNS - 1, first, first + COLUMNS - 1, COLUMNS);
    put_scale(&part, out);
    put_names(&part, out);
    fputs("</thead>\n<tbody>", out);
    for (size_t i = 0; i < json_array_size(threads) && i < ROWS_SHOWN; i++)
        put_thread(json_array_get(threads, i), &part, out);
    fputs("</tbody></table></div>\n", out);
}

void report_detect_print_line(const json_t *picture, FILE *out)
{
    const size_t threads = json_array_size(json_object_get(picture, "threads"));
    fputs("<figure><figcaption>", out);
    html_print_text(out, "The worst line, %s: which thread reads (R) and writes (W) which byte",
        detect_file_text(picture, "address"));
    fputs("</figcaption>\n", out);
    put_part(picture, 0, out);
    if (detect_file_count(picture, "bytes") > COLUMNS)
        put_part(picture, COLUMNS, out);
    if (threads > ROWS_SHOWN)
        html_print(out, "p", "note", "%zu threads more are in the JSON and not shown here.",
            threads - ROWS_SHOWN);
    fputs("</figure>\n", out);
}
