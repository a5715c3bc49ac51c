/* SPDX-License-Identifier: MIT
 * A cache line as a table: a column for each byte, cells as wide as what one thread did alike
 * within one field. */
#include "analysis/report/report_detect.h"

#include "analysis/finding/line_map.h"
#include "analysis/format/html.h"

#include <inttypes.h>
#include <string.h>

enum { COLUMNS = 64, ROWS_SHOWN = 16 };

/* What is drawn as one table: a line of 128 bytes is two. */
struct part {
    size_t first;
    const struct sharing_field *field[COLUMNS]; /* that a byte belongs to; of several the first */
};

static bool covers(const struct sharing_field *field, size_t byte)
{
    return field->place <= (int64_t)byte && byte - (uint64_t)field->place < field->size;
}

static void find_fields(const struct view_picture *picture, struct part *part)
{
    for (size_t i = 0; i < picture->fields.count; i++)
        for (size_t b = 0; b < COLUMNS; b++)
            if (!part->field[b] && covers(&picture->fields.at[i], part->first + b))
                part->field[b] = &picture->fields.at[i];
}

static void print_scale(const struct part *part, FILE *out)
{
    fputs("<tr><th scope=\"row\">byte</th>", out);
    for (size_t b = 0; b < COLUMNS; b += 8)
        fprintf(out, "<th scope=\"col\" colspan=\"8\">%zu</th>", part->first + b);
    fputs("</tr>\n", out);
}

/* A name that is longer than its field is wide is written upwards where folding it would leave a
 * letter or two a line. */
static void print_name(const char *name, size_t bytes, FILE *out)
{
    const bool upwards = bytes < 8 && 2 * strlen(name) > 3 * bytes;
    fprintf(
        out, "<td class=\"field\" colspan=\"%zu\"><span%s>", bytes, upwards ? " class=\"up\"" : "");
    html_text(out, name);
    fputs("</span></td>", out);
}

static void print_names(const struct part *part, FILE *out)
{
    fputs("<tr><th scope=\"row\">field</th>", out);
    for (size_t b = 0, end; b < COLUMNS; b = end) {
        for (end = b + 1; end < COLUMNS && part->field[end] == part->field[b];)
            end++;
        const char *const name = part->field[b] ? part->field[b]->name : "";
        if (*name)
            print_name(name, end - b, out);
        else
            fprintf(out, "<td colspan=\"%zu\"></td>", end - b);
    }
    fputs("</tr>\n", out);
}

static void print_access(char access, size_t bytes, FILE *out)
{
    const char *const text = access == 'B' ? "RW" : access == 'W' ? "W" : access == 'R' ? "R" : "";
    fprintf(out, "<td colspan=\"%zu\"", bytes);
    if (*text)
        fprintf(out, " class=\"%s\"", access == 'R' ? "read" : "written");
    fprintf(out, bytes < 3 && *text ? "><span class=\"up\">%s</span></td>" : ">%s</td>", text);
}

static void print_thread(const struct sharing_row *row, const struct part *part, FILE *out)
{
    char access[COLUMNS + 1] = "";
    if (strlen(row->bytes) > part->first)
        snprintf(access, sizeof access, "%s", row->bytes + part->first);
    fprintf(out, "<tr><th scope=\"row\">%c</th>", line_map_letter(row->thread));
    for (size_t b = 0, end; b < COLUMNS; b = end) {
        const bool touched = access[b] && strchr("RWB", access[b]);
        for (end = b + 1; end < COLUMNS && access[end] == access[b] &&
                          (!touched || part->field[end] == part->field[b]);)
            end++;
        print_access(access[b], end - b, out);
    }
    fputs("</tr>\n", out);
}

static void print_part(const struct view_picture *picture, size_t first, FILE *out)
{
    struct part part = {.first = first};
    find_fields(picture, &part);
    fprintf(out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Bytes %zu to %zu\">"
        "<table class=\"bytes\"><caption>Who touches bytes %zu to %zu</caption><colgroup><col>"
        "<col span=\"%d\"></colgroup>\n<thead>",
        first, first + COLUMNS - 1, first, first + COLUMNS - 1, COLUMNS);
    print_scale(&part, out);
    print_names(&part, out);
    fputs("</thead>\n<tbody>", out);
    for (size_t i = 0; i < picture->threads.count && i < ROWS_SHOWN; i++)
        print_thread(&picture->threads.at[i], &part, out);
    fputs("</tbody></table></div>\n", out);
}

void report_detect_print_line(const struct view_picture *picture, FILE *out)
{
    fputs("<figure><figcaption>", out);
    html_print_text(out,
        "The worst line, %#" PRIx64 ": which thread reads (R) and writes (W) which byte",
        picture->address);
    fputs("</figcaption>\n", out);
    print_part(picture, 0, out);
    if (picture->bytes > COLUMNS)
        print_part(picture, COLUMNS, out);
    if (picture->threads.count > ROWS_SHOWN)
        report_detect_print_more(picture->threads.count - ROWS_SHOWN, " threads", out);
    fputs("</figure>\n", out);
}
