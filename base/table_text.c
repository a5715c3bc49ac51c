/* SPDX-License-Identifier: MIT
 * A table as text: aligned columns with two blanks between, no box drawing. */
#include "base/table_data.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Narrower than this, a wrapped column is harder to read than a long line. */
enum { WRAP_MIN = 16, BETWEEN = 2 };

struct page {
    const struct table *table;
    FILE *out;
    struct table_look look;
    size_t *width;  /* of each column */
    size_t indent;  /* where the last column begins */
    size_t wrap;    /* width the last column is wrapped to; 0: it is not */
    size_t pending; /* blanks to print before the next text, so that no line ends in one */
};

/* Characters, not bytes. Every character counts as one column, which is right for all that
 * numaprobe writes (×, –, µ, …). */
static size_t text_width(const char *text, size_t size)
{
    size_t width = 0;
    for (size_t i = 0; i < size; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

static size_t visible_size(const char *text)
{
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == ' ')
        size--;
    return size;
}

static size_t full_width(const char *text)
{
    return text_width(text, visible_size(text));
}

static void print_blanks(struct page *page)
{
    for (; page->pending > 0; page->pending--)
        putc(' ', page->out);
}

static void print_text(struct page *page, enum table_paint paint, const char *text, size_t size)
{
    static const char *const sgr[] = {
        [PAINT_GOOD] = "32", [PAINT_BAD] = "31", [PAINT_WARN] = "33", [PAINT_DIM] = "2"};
    if (size == 0)
        return;
    const bool painted = page->look.colour && paint != PAINT_NONE;
    print_blanks(page);
    if (painted)
        fprintf(page->out, "\033[%sm", sgr[paint]);
    text_put(text, size, page->out);
    if (painted)
        fputs("\033[0m", page->out);
}

static void end_line(struct page *page)
{
    page->pending = 0;
    putc('\n', page->out);
}

static void print_cell(struct page *page, size_t column, enum table_paint paint, const char *text)
{
    const size_t size = visible_size(text), width = text_width(text, size);
    const size_t fill = page->width[column] - width;
    const bool right = page->table->column[column].align == TABLE_RIGHT;
    page->pending += right ? fill : 0;
    print_text(page, paint, text, size);
    page->pending += right ? 0 : fill;
}

/* How much of a word goes on a line that is too short for it: all, so that a path can still be
 * copied, but an event is broken between its unit masks ("A:B:C") or its terms ("cpu/a=1,b=2/"). */
static size_t word_size(const char *word, size_t width)
{
    const size_t size = strcspn(word, " ");
    const char after = memchr(word, '=', size) ? ',' : ':';
    size_t fits = size;
    if (after == ',' || !memchr(word, '/', size))
        for (size_t end = 1; end <= width; end++)
            fits = word[end - 1] == after ? end : fits;
    return fits;
}

/* How many bytes of `text` go on a line of `width`: whole words, or the beginning of one. */
static size_t line_size(const char *text, size_t width)
{
    size_t fits = 0;
    for (size_t end = 0; text[end];) {
        end += strspn(text + end, " ");
        end += strcspn(text + end, " ");
        if (fits > 0 && text_width(text, end) > width)
            break;
        fits = end;
    }
    if (text_width(text, fits) > width)
        fits = word_size(text, width);
    while (fits > 0 && text[fits - 1] == ' ')
        fits--;
    return fits;
}

static void print_wrapped(struct page *page, enum table_paint paint, const char *text)
{
    for (bool first = true; *text; first = false) {
        const size_t size = line_size(text, page->wrap);
        if (!first) {
            end_line(page);
            page->pending = page->indent;
        }
        print_text(page, paint, text, size);
        text += size;
        text += strspn(text, " ");
    }
}

static void print_row(struct page *page, size_t row)
{
    const struct table *table = page->table;
    for (size_t i = 0; i < table->columns; i++) {
        const enum table_paint paint = table->entry[row * table->columns + i].paint;
        if (page->wrap > 0 && i + 1 == table->columns)
            print_wrapped(page, paint, table_at(table, row, i));
        else
            print_cell(page, i, paint, table_at(table, row, i));
        page->pending += BETWEEN;
    }
    end_line(page);
}

static void print_header(struct page *page)
{
    bool named = false;
    for (size_t i = 0; i < page->table->columns; i++)
        named |= *page->table->column[i].text != '\0';
    for (size_t i = 0; named && i < page->table->columns; i++) {
        print_cell(page, i, PAINT_NONE, page->table->column[i].text);
        page->pending += BETWEEN;
    }
    if (named)
        end_line(page);
}

static void measure_columns(struct page *page)
{
    const struct table *table = page->table;
    for (size_t i = 0; i < table->columns; i++) {
        page->width[i] = full_width(table->column[i].text);
        for (size_t row = 0; row < table->rows; row++) {
            const size_t width = full_width(table_at(table, row, i));
            page->width[i] = width > page->width[i] ? width : page->width[i];
        }
    }
    const size_t last = table->columns - 1;
    for (size_t i = 0; i < last; i++)
        page->indent += page->width[i] + BETWEEN;
    if (table->column[last].align == TABLE_LEFT && page->look.width >= page->indent + WRAP_MIN &&
        page->indent + page->width[last] > page->look.width)
        page->wrap = page->look.width - page->indent;
}

int table_text(const struct table *table, FILE *out, struct table_look look)
{
    const int code = table_whole(table);
    if (code || table->columns == 0)
        return code;
    struct page page = {.table = table, .out = out, .look = look};
    page.width = calloc(table->columns, sizeof(*page.width));
    if (!page.width)
        return -ENOMEM;
    measure_columns(&page);
    print_header(&page);
    for (size_t row = 0; row < table->rows; row++)
        print_row(&page, row);
    free(page.width);
    return table_written(out);
}
