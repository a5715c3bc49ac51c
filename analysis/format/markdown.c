/* SPDX-License-Identifier: MIT
 * Escaping by backslashes, as CommonMark allows before each character of punctuation. */
#include "analysis/format/markdown.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>

void markdown_text(FILE *out, const char *text)
{
    text_put_escaped(text, "|\\`*_<>[]&~", out);
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
