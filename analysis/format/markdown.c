/* SPDX-License-Identifier: MIT
 * Escaping by backslashes, as CommonMark allows before each character of punctuation. */
#include "analysis/format/markdown.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void markdown_text(FILE *out, const char *text)
{
    static const char special[] = "|\\`*_<>[]&~";
    for (size_t plain; *text; text += plain) {
        plain = strcspn(text, special);
        text_put(text, plain, out);
        if (plain == 0) {
            fprintf(out, "\\%c", *text);
            plain = 1;
        }
    }
}

void markdown_print_text(FILE *out, const char *format, ...)
{
    va_list list;
    char *text = NULL;
    va_start(list, format);
    if (vasprintf(&text, format, list) >= 0) {
        markdown_text(out, text);
        free(text);
    }
    va_end(list);
}
