/* SPDX-License-Identifier: MIT
 * Makes the manual pages: man TEXTS PAGES writes PAGES/numaprobe-COMMAND.1 for each command, from
 * its table of options and TEXTS/COMMAND.inc, and PAGES/numaprobe.1. A line .\"=NAME in a text
 * begins another part: "--OPTION" continues that option's item, "after" is printed after the
 * options, and at "commands" the list of commands is inserted. */
#include "cli/cmd.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char part_mark[] = ".\\\"=";

static char *read_text(const char *folder, const char *name)
{
    char path[4096], *text = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%s.inc", folder, name);
    FILE *const in = fopen(path, "re");
    if (!in || getdelim(&text, &size, '\0', in) < 0) {
        fprintf(stderr, "man: cannot read '%s': %s\n", path, strerror(errno));
        exit(EXIT_FAILURE);
    }
    fclose(in);
    return text;
}

/* The lines of a part; "" is what comes before the first mark. */
static void print_part(const char *text, const char *name, FILE *out)
{
    bool on = !*name;
    for (size_t length; *text; text += length) {
        length = strcspn(text, "\n") + 1;
        if (strncmp(text, part_mark, strlen(part_mark)) == 0) {
            const char *const mark = text + strlen(part_mark);
            on = strlen(name) == strcspn(mark, "\n") && strncmp(mark, name, strlen(name)) == 0;
        } else if (on) {
            fprintf(out, "%.*s", (int)length, text);
        }
    }
}

/* roff would take a '.' or "'" at the begin of a line as a request, and print '-' as a hyphen. A
 * sentence begins a line. */
static void print_prose(const char *text, FILE *out)
{
    for (char before = '\n'; *text; before = *text++) {
        const bool sentence = before == '.' && *text == ' ' && text[1];
        const bool dash = *text == '-' && strchr("\n -'", before);
        if (before == '\n' && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (sentence && text[1] == '\'')
            fputs("\n\\&", out);
        else
            fprintf(out, sentence ? "\n" : dash ? "\\-" : *text == '\\' ? "\\e" : "%c", *text);
    }
}

/* "[ARGUMENT...]" as mdoc has it: .Op Ar ARGUMENT ... */
static void print_arguments(const char *text, FILE *out)
{
    char copy[128];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        const bool optional = *word == '[';
        const size_t length = strcspn(word + optional, ".]");
        const bool repeats = strstr(word, "...") != NULL;
        if (strcmp(word, "[--]") == 0)
            fprintf(out, ".Op Fl -\n");
        else
            fprintf(out, ".%sAr %.*s%s\n", optional ? "Op " : "",
                repeats ? (int)length : (int)strlen(word), word + optional, repeats ? " ..." : "");
    }
}

static void print_name(const struct option_row *row, FILE *out)
{
    fprintf(out, "Fl %s%s%s", row->name + 1, row->argument ? " Ar " : "",
        row->argument ? row->argument : "");
}

static void print_item(
    const struct option_row *row, const struct option_row *end, const char *text, FILE *out)
{
    fprintf(out, ".It ");
    if (row->letter)
        fprintf(out, "Fl %c , ", row->letter);
    print_name(row, out);
    for (const struct option_row *other = row + 1; other < end && other->name && !other->help;
         other++) {
        fprintf(out, " , ");
        print_name(other, out);
    }
    fputc('\n', out);
    print_prose(row->help, out);
    fprintf(out, ".\n");
    if (row->preset)
        fprintf(out, "Default: %s.\n", row->preset);
    if (text)
        print_part(text, row->name, out);
}

/* A list for each heading. */
static void print_rows(const struct option_row *row, size_t rows, const char *text, FILE *out)
{
    const struct option_row *const end = row + rows;
    while (row < end) {
        if (!row->name) {
            fprintf(out, ".Ss ");
            print_prose(row++->help, out);
            fputc('\n', out);
        }
        fprintf(out, ".Bl -tag -width Ds\n");
        for (; row < end && row->name; row++)
            if (row->help)
                print_item(row, end, text, out);
        fprintf(out, ".El\n");
    }
}

static void print_options(const struct options *options, const char *text, FILE *out)
{
    const bool grouped = options->rows && !options->row[0].name;
    fprintf(out, ".Sh OPTIONS\n");
    print_rows(options->row, options->rows, text, out);
    if (grouped)
        fprintf(out, ".Ss Help\n");
    print_rows(options_common, OPTIONS_COMMON, NULL, out);
}

static void print_page(const struct cmd *cmd, const char *text, FILE *out)
{
    const struct options *const options = cmd->options;
    fprintf(out, ".\\\" SPDX-License-Identifier: MIT\n.Dd November 26, 2026\n.Dt NUMAPROBE-");
    for (const char *c = cmd->name; *c; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fprintf(out, " 1\n.Os\n.Sh NAME\n.Nm numaprobe-%s\n.Nd %s\n", cmd->name, cmd->summary);
    fprintf(out, ".Sh SYNOPSIS\n.Nm numaprobe\n.Cm %s\n", cmd->name);
    fprintf(out, options ? ".Op Ar option ...\n" : ".Op Ar compiler\n.Ar argument ...\n");
    if (options && options->arguments)
        print_arguments(options->arguments, out);
    fprintf(out, ".Sh DESCRIPTION\n");
    if (options) {
        print_prose(options->summary, out);
        fputc('\n', out);
    }
    print_part(text, "", out);
    if (options)
        print_options(options, text, out);
    print_part(text, "after", out);
}

static void print_overview(const char *text, FILE *out)
{
    print_part(text, "", out);
    for (size_t i = 0; i < cmd_count; i++) {
        const struct cmd *const cmd = cmd_table[i];
        assert(cmd);
        fprintf(out, ".It Xr numaprobe-%s 1\n", cmd->name);
        print_prose(cmd->summary, out);
        fputc('\n', out);
    }
    print_part(text, "commands", out);
}

static bool is_option(const struct options *options, const char *name, size_t length)
{
    for (size_t i = 0; options && i < options->rows; i++) {
        const struct option_row *const row = &options->row[i];
        if (row->name && row->help && strlen(row->name) == length &&
            strncmp(row->name, name, length) == 0)
            return true;
    }
    return false;
}

/* A part that nothing prints, as of an option that was renamed, is an error. */
static void check_parts(const char *text, const char *name, const struct options *options)
{
    const char *mark = text;
    while ((mark = strstr(mark, part_mark))) {
        mark += strlen(part_mark);
        const int length = (int)strcspn(mark, "\n");
        if (*mark == '-' && !is_option(options, mark, (size_t)length)) {
            fprintf(stderr, "man: %s.inc: there is no option '%.*s'\n", name, length, mark);
            exit(EXIT_FAILURE);
        }
    }
}

static FILE *open_page(const char *folder, const char *between, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/numaprobe%s%s.1", folder, between, name);
    FILE *const out = fopen(path, "we");
    if (!out) {
        fprintf(stderr, "man: cannot write '%s': %s\n", path, strerror(errno));
        exit(EXIT_FAILURE);
    }
    return out;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: man TEXTS PAGES\n");
        return EXIT_USAGE;
    }
    int failed = 0;
    for (size_t i = 0; i <= cmd_count; i++) {
        const struct cmd *const cmd = i < cmd_count ? cmd_table[i] : NULL;
        char *const text = read_text(argv[1], cmd ? cmd->name : "numaprobe");
        FILE *const out = open_page(argv[2], cmd ? "-" : "", cmd ? cmd->name : "");
        if (cmd)
            check_parts(text, cmd->name, cmd->options);
        if (cmd)
            print_page(cmd, text, out);
        else
            print_overview(text, out);
        failed |= ferror(out) | fclose(out);
        free(text);
    }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
