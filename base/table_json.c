/* SPDX-License-Identifier: MIT
 * A table as a JSON array with one object a row. jansson escapes the strings; a number is written
 * as the cell has it, since as a double 0.28 would come out as 0.28000000000000003. */
#include "base/number.h"
#include "base/table_data.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

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
