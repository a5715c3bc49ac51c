/* SPDX-License-Identifier: MIT
 * Formats the text of a failure. Prints nothing. */
#include "base/err.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text cut in the middle of a UTF-8 sequence would end in a byte that no terminal can show. */
static void trim_partial_char(char *text, size_t length)
{
    size_t start = length;
    while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xc0)
        return;
    const unsigned char lead = (unsigned char)text[start - 1];
    const size_t want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (length - start < want)
        text[start - 1] = '\0';
}

int err_set(struct err *err, int code, const char *format, ...)
{
    if (!err)
        return code;
    /* Not in err->text: an earlier text of the same err may be among the arguments. */
    char text[sizeof(err->text)];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (length < 0)
        text[0] = '\0';
    else if ((size_t)length >= sizeof(text))
        trim_partial_char(text, sizeof(text) - 1);
    text_blank_controls(text);
    err->code = code;
    memcpy(err->text, text, sizeof(text));
    return code;
}
