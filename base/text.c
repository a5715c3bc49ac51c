/* SPDX-License-Identifier: MIT
 * Text in a buffer of fixed size, built by appending. */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static int append_list(
    char *out, size_t size, const char *format, va_list list)
{
    const size_t used = strnlen(out, size);
    const int wanted = used < size ? vsnprintf(out + used, size - used, format, list) : 0;
    return used < size && (size_t)wanted < size - used ? 0 : -ENOSPC;
}

int text_append(char *out, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const int code = append_list(out, size, format, list);
    va_end(list);
    return code;
}

int text_append_item(char *out, size_t size, const char *separator, const char *format, ...)
{
    if (*out && text_append(out, size, "%s", separator))
        return -ENOSPC;
    va_list list;
    va_start(list, format);
    const int code = append_list(out, size, format, list);
    va_end(list);
    return code;
}

/* The bytes of the UTF-8 character at `at`, and whether a terminal would obey it; a byte that is
 * not UTF-8 may be a C1 character of an 8-bit terminal. */
static size_t char_bytes(const char *at, bool *is_control)
{
    const unsigned char lead = (unsigned char)*at;
    const size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    size_t bytes = 1;
    while (bytes < want && ((unsigned char)at[bytes] & 0xc0) == 0x80)
        bytes++;
    const bool is_c1 = bytes == 2 && lead == 0xc2 && (unsigned char)at[1] < 0xa0;
    const bool is_broken = bytes < want || (lead >= 0x80 && want == 1);
    *is_control = lead < ' ' || lead == 0x7f || is_c1 || is_broken;
    return bytes;
}

void text_blank_controls(char *text)
{
    char *to = text;
    bool is_control;
    for (size_t bytes; *text; text += bytes) {
        bytes = char_bytes(text, &is_control);
        if (is_control)
            *to++ = ' ';
        else
            for (size_t i = 0; i < bytes; i++)
                *to++ = text[i];
    }
    *to = '\0';
}

void text_put(const char *text, size_t size, FILE *out)
{
    bool is_control;
    for (size_t at = 0, bytes; at < size && text[at]; at += bytes) {
        bytes = char_bytes(text + at, &is_control);
        if (is_control || at + bytes > size)
            putc(' ', out);
        else
            fwrite(text + at, 1, bytes, out);
    }
}

void text_put_escaped(const char *text, const char *special, FILE *out)
{
    for (size_t plain; *text; text += plain) {
        plain = strcspn(text, special);
        text_put(text, plain, out);
        if (plain == 0) {
            fprintf(out, "\\%c", *text);
            plain = 1;
        }
    }
}

void text_put_word(const char *word, FILE *out)
{
    bool plain = *word != '\0';
    for (const char *at = word; *at && plain; at++)
        plain = isalnum((unsigned char)*at) || strchr("._,:/=@%+-", *at);
    if (plain) {
        text_put(word, strlen(word), out);
        return;
    }
    for (const char *at = word;; at++) {
        const size_t size = strcspn(at, "'");
        fputc('\'', out);
        text_put(at, size, out);
        fputc('\'', out);
        at += size;
        if (!*at)
            break;
        fputs("\\'", out);
    }
}

void text_print(FILE *out, const char *format, ...)
{
    va_list list;
    char *text;
    const size_t before = strspn(format, "\n");
    size_t after = strlen(format);
    while (after > before && format[after - 1] == '\n')
        after--;
    va_start(list, format);
    const int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0)
        return;
    const size_t ends = strlen(format) - after;
    fprintf(out, "%.*s", (int)before, format);
    text_put(text + before, (size_t)length - before - ends, out);
    fputs(format + after, out);
    free(text);
}

bool text_is_one_of(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}
