/* SPDX-License-Identifier: MIT
 * The help of a command: for 80 columns, in the order of the table. */
#include "cli/options.h"

#include "base/text.h"

#include <string.h>

const struct option_row options_common[OPTIONS_COMMON] = {
    {"--help", 'h', NULL, "Print this help and exit", NULL, option_set, .least = OPTIONS_HELP},
    {"--usage", 0, NULL, "Print a short usage message and exit", NULL, option_set,
        .least = OPTIONS_USAGE},
    {"--version", 'V', NULL, "Print the version and exit", NULL, option_set,
        .least = OPTIONS_VERSION},
};

enum { WIDTH = 79, HELP_COLUMN = 29, USAGE_COLUMN = 12 };

/* Where the next character is printed. */
struct page {
    FILE *out;
    int column, indent;
};

static void print_gap(struct page *page, int column)
{
    if (page->column >= column) {
        fputc('\n', page->out);
        page->column = 0;
    }
    fprintf(page->out, "%*s", column - page->column, "");
    page->column = column;
}

/* `text` is not broken at its blanks. */
static void print_word(struct page *page, const char *text, int length)
{
    if (page->column > page->indent && page->column + 1 + length > WIDTH)
        print_gap(page, page->indent);
    else if (page->column > page->indent)
        page->column += fprintf(page->out, " ");
    page->column += fprintf(page->out, "%.*s", length, text);
}

static void print_words(struct page *page, const char *text)
{
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        const size_t length = strcspn(text, " ");
        print_word(page, text, (int)length);
        text += length;
    }
}

static void print_text(struct page *page, const char *text)
{
    page->indent = 0;
    print_words(page, text);
    fputc('\n', page->out);
    page->column = 0;
}

/* "--align=LIST", or "--csv[=FILE]" where the argument may be left out. */
static int print_name(const struct option_row *row, FILE *out)
{
    const char *const argument = row->argument ? row->argument : "";
    const bool optional = *argument == '[';
    return fprintf(
        out, "%s%s%s%s", row->name, optional ? "[" : "", *argument ? "=" : "", argument + optional);
}

/* A row and its other names, which follow it. */
static void print_row(const struct option_row *row, const struct option_row *end, FILE *out)
{
    struct page page = {.out = out, .indent = HELP_COLUMN};
    page.column = row->letter ? fprintf(out, "  -%c, ", row->letter) : fprintf(out, "      ");
    if (row->letter == 'h')
        page.column += fprintf(out, "-?, ");
    page.column += print_name(row, out);
    for (const struct option_row *other = row + 1; other < end && other->name && !other->help;
         other++)
        page.column += fprintf(out, ", ") + print_name(other, out);
    print_gap(&page, HELP_COLUMN);
    print_words(&page, row->help);
    if (row->preset) {
        char text[128];
        snprintf(text, sizeof text, "(default: %s)", row->preset);
        print_words(&page, text);
    }
    fputc('\n', out);
}

static void print_rows(const struct option_row *row, size_t rows, FILE *out)
{
    for (const struct option_row *const end = row + rows; row < end; row++)
        if (!row->name)
            fprintf(out, "\n %s:\n", row->help);
        else if (row->help)
            print_row(row, end, out);
}

void options_print_help(const struct options *options, const char *command, FILE *out)
{
    struct page page = {.out = out};
    fprintf(out, "Usage: %s [OPTION...]%s%s\n", command, options->arguments ? " " : "",
        options->arguments ? options->arguments : "");
    print_text(&page, options->summary);
    const bool grouped = options->rows && !options->row[0].name;
    if (!grouped)
        fputc('\n', out);
    print_rows(options->row, options->rows, out);
    if (grouped)
        fputc('\n', out);
    print_rows(options_common, OPTIONS_COMMON, out);
    if (options->ending)
        fprintf(out, "\n%s\n", options->ending);
}

/* "[--align=LIST]", "[-o FILE]" */
static void print_usage_word(struct page *page, const struct option_row *row, bool letter)
{
    char text[64], name[8] = {'-', row->letter};
    const char *const argument = row->argument ? row->argument : "";
    const bool optional = *argument == '[';
    snprintf(text, sizeof text, "[%s%s%s%s]", letter ? name : row->name,
        optional && !letter ? "[" : "",
        !*argument ? ""
        : letter   ? " "
                   : "=",
        argument + (optional && !letter));
    print_word(page, text, (int)strlen(text));
}

static void print_usage_letters(const struct options *options, struct page *page)
{
    char letters[64] = "[-h?V";
    for (size_t i = 0; i < options->rows; i++) {
        const struct option_row *const row = &options->row[i];
        if (row->letter && !row->argument)
            text_append(letters, sizeof letters, "%c", row->letter);
    }
    text_append(letters, sizeof letters, "]");
    print_word(page, letters, (int)strlen(letters));
    for (size_t i = 0; i < options->rows; i++)
        if (options->row[i].letter && options->row[i].argument)
            print_usage_word(page, &options->row[i], true);
}

void options_print_usage(const struct options *options, const char *command, FILE *out)
{
    struct page page = {.out = out, .indent = USAGE_COLUMN};
    page.column = fprintf(out, "Usage: %s", command);
    print_usage_letters(options, &page);
    for (size_t i = 0; i < options->rows; i++)
        if (options->row[i].name)
            print_usage_word(&page, &options->row[i], false);
    for (size_t i = 0; i < OPTIONS_COMMON; i++)
        print_usage_word(&page, &options_common[i], false);
    if (options->arguments)
        print_words(&page, options->arguments);
    fputc('\n', out);
}
