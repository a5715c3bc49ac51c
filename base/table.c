/* SPDX-License-Identifier: MIT
 * Builds a table and writes it as CSV and JSON. table_text.c prints it as text. */
#include "base/table.h"

#include "base/csv.h"
#include "base/grow.h"
#include "base/number.h"
#include "base/table_data.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct table *table_new(void)
{
    return calloc(1, sizeof(struct table));
}

void table_free(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->columns; i++)
        free(table->column[i].text);
    for (size_t i = 0; i < table->rows * table->columns; i++)
        free(table->entry[i].text);
    free(table->column);
    free(table->entry);
    free(table);
}

void table_column(struct table *table, const char *name, enum table_align align)
{
    if (!table)
        return;
    assert(table->rows == 0);
    char *text = GROW(table->column, table->columns) ? NULL : strdup(name);
    if (!text) {
        table->lost = true;
        return;
    }
    table->column[table->columns++] = (struct table_name){.text = text, .align = align};
}

struct table *table_with(const char *columns)
{
    struct table *const table = table_new();
    for (const char *at = columns; *at;) {
        char name[64];
        const size_t length = strcspn(at, "|");
        const bool right = length > 0 && at[length - 1] == '>';
        snprintf(name, sizeof name, "%.*s", (int)(length - right), at);
        table_column(table, name, right ? TABLE_RIGHT : TABLE_LEFT);
        at += length + (at[length] == '|');
    }
    return table;
}

static bool reserve_row(struct table *table)
{
    const size_t wanted = (table->rows + 1) * table->columns;
    if (wanted <= table->room)
        return true;
    struct table_entry *entry = reallocarray(table->entry, wanted, 2 * sizeof(*entry));
    if (!entry)
        return false;
    table->entry = entry;
    table->room = 2 * wanted;
    return true;
}

void table_row(struct table *table)
{
    if (!table || table->lost)
        return;
    if (!reserve_row(table)) {
        table->lost = true;
        return;
    }
    for (size_t i = 0; i < table->columns; i++)
        table->entry[table->rows * table->columns + i] = (struct table_entry){0};
    table->rows++;
    table->filled = 0;
}

void table_cell(struct table *table, enum table_paint paint, const char *format, ...)
{
    if (!table || table->lost)
        return;
    assert(table->rows > 0 && table->filled < table->columns);
    struct table_entry *entry = &table->entry[(table->rows - 1) * table->columns + table->filled++];
    entry->paint = paint;
    if (!format)
        return;
    va_list args;
    va_start(args, format);
    if (vasprintf(&entry->text, format, args) < 0) {
        entry->text = NULL;
        table->lost = true;
    }
    va_end(args);
}

void table_add_texts(struct table *table, const char *const *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        table_cell(table, PAINT_NONE, text[i] ? "%s" : NULL, text[i]);
}

size_t table_rows(const struct table *table)
{
    return table ? table->rows : 0;
}

const char *table_at(const struct table *table, size_t row, size_t column)
{
    const char *text = table->entry[row * table->columns + column].text;
    return text ? text : "";
}

int table_whole(const struct table *table)
{
    return table && !table->lost ? 0 : -ENOMEM;
}

int table_written(FILE *out)
{
    return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}

int table_csv(const struct table *table, FILE *out)
{
    const int code = table_whole(table);
    if (code)
        return code;
    for (size_t i = 0; i < table->columns; i++)
        csv_print(out, table->column[i].text, i == 0);
    csv_end(out);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t i = 0; i < table->columns; i++)
            csv_print(out, table_at(table, row, i), i == 0);
        csv_end(out);
    }
    return table_written(out);
}

/* JSON has no leading zeros, and a text with them is more likely an identifier. */
static bool is_number(const char *text)
{
    double value;
    const char *end = number_real(text, &value);
    const char *digit = text + (*text == '-');
    return end && *end == '\0' && !(digit[0] == '0' && digit[1] >= '0' && digit[1] <= '9');
}

/* JSON is UTF-8: other bytes of a text become '?'. */
static json_t *repaired_string(const char *text)
{
    char *copy = strdup(text);
    for (char *at = copy; at && *at; at++)
        if ((unsigned char)*at >= 0x80)
            *at = '?';
    json_t *string = copy ? json_string(copy) : NULL;
    free(copy);
    return string;
}

static int print_string(const char *text, FILE *out)
{
    json_t *string = json_string(text);
    if (!string)
        string = repaired_string(text);
    if (!string)
        return -ENOMEM;
    json_dumpf(string, out, JSON_ENCODE_ANY);
    json_decref(string);
    return 0;
}

static int print_value(const char *text, FILE *out)
{
    if (*text && !is_number(text))
        return print_string(text, out);
    fputs(*text ? text : "null", out);
    return 0;
}

/* An object for each row. jansson escapes the strings; a number is written as the cell has it: as a
 * double, 0.28 would become 0.28000000000000003. */
static int print_row(const struct table *table, size_t row, FILE *out)
{
    int code = 0;
    fputs(row == 0 ? "\n{" : ",\n{", out);
    for (size_t i = 0; i < table->columns && !code; i++) {
        if (i > 0)
            fputs(", ", out);
        code = print_string(table->column[i].text, out);
        fputs(": ", out);
        if (!code)
            code = print_value(table_at(table, row, i), out);
    }
    fputs("}", out);
    return code;
}

int table_json(const struct table *table, FILE *out)
{
    int code = table_whole(table);
    if (code)
        return code;
    fputs("[", out);
    for (size_t row = 0; row < table->rows && !code; row++)
        code = print_row(table, row, out);
    fputs("\n]\n", out);
    return code ? code : table_written(out);
}
