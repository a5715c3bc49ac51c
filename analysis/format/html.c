/* SPDX-License-Identifier: MIT
 * Escaping, and tables as HTML. */
#include "analysis/format/html.h"

#include "base/table_data.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

/* Length of the UTF-8 sequence at `at`; 0 where there is none. Overlong forms and surrogates are
 * none (RFC 3629). */
static size_t sequence_length(const unsigned char *at)
{
    static const unsigned char low[] = {[0xe0 - 0xe0] = 0xa0, [0xf0 - 0xe0] = 0x90};
    if (*at < 0x80)
        return *at >= 0x20 && *at != 0x7f ? 1 : *at == '\t' || *at == '\n';
    const size_t length = *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : *at < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if (length < 3)
        return length;
    const unsigned char least =
        *at - 0xe0u < sizeof low && low[*at - 0xe0] ? low[*at - 0xe0] : 0x80;
    const unsigned char most = *at == 0xed ? 0x9f : *at == 0xf4 ? 0x8f : 0xbf;
    return at[1] >= least && at[1] <= most ? length : 0;
}

static const char *entity_of(unsigned char byte)
{
    static const char *const entities[128] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    return byte < 128 ? entities[byte] : NULL;
}

void html_text(FILE *out, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)(text ? text : ""); *at;) {
        const size_t length = sequence_length(at);
        const char *const named = entity_of(*at);
        if (named)
            fputs(named, out);
        else if (length)
            fwrite(at, 1, length, out);
        else
            fputs("\xef\xbf\xbd", out);
        at += length ? length : 1;
    }
}

__attribute__((format(printf, 2, 0))) static void print_list(
    FILE *out, const char *format, va_list list)
{
    char *text = NULL;
    if (vasprintf(&text, format, list) < 0)
        return;
    html_text(out, text);
    free(text);
}

void html_print_text(FILE *out, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_list(out, format, list);
    va_end(list);
}

void html_print(FILE *out, const char *tag, const char *class, const char *format, ...)
{
    fprintf(out, "<%s", tag);
    if (class)
        fprintf(out, " class=\"%s\"", class);
    fputc('>', out);
    va_list list;
    va_start(list, format);
    print_list(out, format, list);
    va_end(list);
    fprintf(out, "</%s>\n", tag);
}

static const char *const paints[] = {[PAINT_NONE] = "",
    [PAINT_GOOD] = "good",
    [PAINT_BAD] = "bad",
    [PAINT_WARN] = "warn",
    [PAINT_DIM] = "dim"};

static void print_cell(FILE *out, const struct table *t, size_t row, size_t column)
{
    const char *const number = t->column[column].align == TABLE_RIGHT ? "num" : "";
    const char *const paint = paints[t->entry[row * t->columns + column].paint];
    if (*number || *paint)
        fprintf(out, "<td class=\"%s%s%s\">", number, *number && *paint ? " " : "", paint);
    else
        fputs("<td>", out);
    html_text(out, table_at(t, row, column));
    fputs("</td>", out);
}

static bool is_empty(const struct table *t, size_t column)
{
    for (size_t row = 0; row < t->rows; row++)
        if (*table_at(t, row, column))
            return false;
    return t->rows > 0;
}

/* Their indices; what no row has would only push out of sight what there is. */
static size_t list_columns(const struct table *t, size_t *shown)
{
    size_t count = 0;
    for (size_t column = 0; column < t->columns; column++)
        if (!is_empty(t, column))
            shown[count++] = column;
    return count;
}

static void print_rows(FILE *out, const struct table *t, const size_t *shown, size_t columns)
{
    fputs("<tbody>\n", out);
    for (size_t row = 0; row < t->rows; row++) {
        fputs("<tr>", out);
        for (size_t i = 0; i < columns; i++)
            print_cell(out, t, row, shown[i]);
        fputs("</tr>\n", out);
    }
    fputs("</tbody>\n", out);
}

static void print_heads(FILE *out, const struct table *t, const size_t *shown, size_t columns)
{
    fputs("<thead><tr>", out);
    for (size_t i = 0; i < columns; i++) {
        fprintf(out, "<th scope=\"col\"%s>",
            t->column[shown[i]].align == TABLE_RIGHT ? " class=\"num\"" : "");
        html_text(out, t->column[shown[i]].text);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n", out);
}

int html_table(FILE *out, const struct table *table, const char *caption)
{
    const int failed = table_whole(table);
    size_t *const shown = failed ? NULL : calloc(table->columns + 1, sizeof *shown);
    if (!shown)
        return failed ? failed : -ENOMEM;
    const size_t columns = list_columns(table, shown);
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
    html_text(out, caption);
    fputs("\"><table><caption>", out);
    html_text(out, caption);
    fputs("</caption>\n", out);
    print_heads(out, table, shown, columns);
    print_rows(out, table, shown, columns);
    fputs("</table></div>\n", out);
    free(shown);
    return 0;
}
