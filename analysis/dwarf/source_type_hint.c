/* SPDX-License-Identifier: MIT
 * Words of an allocation's source text. */
#include "analysis/dwarf/source_type_hint.h"

#include "base/regular.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* The word WORD at `at` and beyond, not as a part of another; NULL: none. */
static const char *find_word(const char *text, const char *at, const char *word)
{
    const size_t length = strlen(word);
    for (; (at = strstr(at, word)); at += length)
        if ((at == text || !is_name(at[-1])) && !is_name(at[length]))
            return at + length;
    return NULL;
}

static void add_word(struct type_hint *out, const char *from, size_t length, bool expression)
{
    if (out->count == TYPE_HINT_WORDS || length == 0 || length >= sizeof out->word[0].text)
        return;
    char *to = out->word[out->count].text;
    for (size_t i = 0; i < length; i++)
        if (!expression || !isspace((unsigned char)from[i]))
            *to++ = from[i];
    *to = '\0';
    out->word[out->count++].expression = expression;
}

/* "struct ring", "ns::Ring": its length, without template arguments. */
static size_t type_length(const char *at)
{
    const char *end = at;
    for (const char *const *tag = (const char *const[]){"struct ", "union ", NULL}; *tag; tag++)
        if (strncmp(at, *tag, strlen(*tag)) == 0)
            end = at + strlen(*tag);
    while (is_name(*end) || (*end == ':' && end[1] == ':') || (*end == ':' && end[-1] == ':'))
        end++;
    return (size_t)(end - at);
}

/* "ctx->ring[i].head": its length. */
static size_t expression_length(const char *at)
{
    const char *end = at;
    for (;;) {
        while (is_name(*end))
            end++;
        if (*end == '[' && strchr(end, ']'))
            end = strchr(end, ']') + 1;
        if (*end == '.' && is_name(end[1]))
            end++;
        else if (end[0] == '-' && end[1] == '>' && is_name(end[2]))
            end += 2;
        else
            return (size_t)(end - at);
    }
}

static void after_sizeof(const char *text, struct type_hint *out)
{
    for (const char *at = text; (at = find_word(text, at, "sizeof"));) {
        const char *word = skip_blanks(at);
        word = skip_blanks(word + (*word == '('));
        if (*word == '*')
            add_word(out, word + 1, expression_length(word + 1), true);
        else
            add_word(out, word, type_length(word), false);
    }
}

static void after_new(const char *text, struct type_hint *out)
{
    for (const char *at = text; (at = find_word(text, at, "new"));) {
        const char *word = skip_blanks(at);
        if (*word == '(' && strchr(word, ')'))
            word = skip_blanks(strchr(word, ')') + 1);
        add_word(out, word, type_length(word), false);
    }
}

static void after_make(const char *text, struct type_hint *out)
{
    static const char *const words[] = {"make_unique", "make_shared"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *const at = find_word(text, text, words[i]);
        if (at && *at == '<')
            add_word(out, at + 1, type_length(at + 1), false);
    }
}

/* "(struct ring *)": a cast. */
static void in_casts(const char *text, struct type_hint *out)
{
    for (const char *at = text; (at = strchr(at, '(')); at++) {
        const char *const word = skip_blanks(at + 1);
        const size_t length = type_length(word);
        const char *const star = skip_blanks(word + length);
        if (length && *star == '*' && *skip_blanks(star + 1) == ')')
            add_word(out, word, length, false);
    }
}

/* "struct ring *r =", "ctx->ring =", "*out =": what is assigned to. */
static void before_assignment(const char *text, struct type_hint *out)
{
    const char *const equals = strchr(text, '=');
    if (!equals || equals == text || equals[1] == '=' || strchr("!<>=", equals[-1]))
        return;
    const char *end = equals, *begin;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    for (begin = end; begin > text; begin--) {
        const char c = begin[-1];
        if (c == ']')
            while (begin > text && begin[-1] != '[')
                begin--;
        else if (!is_name(c) && c != '.' && !(c == '>' && begin - 1 > text && begin[-2] == '-') &&
                 !(c == '-' && *begin == '>'))
            break;
    }
    if (expression_length(begin) == (size_t)(end - begin))
        add_word(out, begin, (size_t)(end - begin), true);
}

void type_hint_words(const char *statement, struct type_hint *out)
{
    *out = (struct type_hint){.count = 0};
    after_sizeof(statement, out);
    after_new(statement, out);
    after_make(statement, out);
    in_casts(statement, out);
    before_assignment(statement, out);
    out->aligned = strstr(statement, "align") != NULL;
}

static bool is_newer(const char *path, const char *module)
{
    struct stat source, built;
    return stat(path, &source) != 0 || stat(module, &built) != 0 ||
           source.st_mtime > built.st_mtime;
}

void type_hint_statement(
    const char *folder, const char *file, unsigned line, const char *module, char *out, size_t size)
{
    char path[4096], text[512];
    *out = '\0';
    snprintf(path, sizeof path, "%s%s%s", folder ? folder : "", folder ? "/" : "", file);
    FILE *const in = is_regular(path) && !is_newer(path, module) ? fopen(path, "re") : NULL;
    for (unsigned at = 1; in && at < line + 4 && fgets(text, sizeof text, in); at++) {
        if (at < line)
            continue;
        text_append(out, size, "%s", text);
        if (strpbrk(text, ";{}"))
            break;
    }
    if (in)
        fclose(in);
}
