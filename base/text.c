/* SPDX-License-Identifier: MIT
 * Text in a buffer of fixed size, built by appending. */
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
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
