/* SPDX-License-Identifier: MIT
 * Text in a buffer of fixed size, built by appending. Not for text without a limit: use
 * open_memstream for that. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

/* Appends to the text in `out`, a buffer of `size` bytes. What does not fit is cut. Returns 0, or
 * -ENOSPC when something was cut. */
int text_append(char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for lists: first appends `separator` unless the text is still empty. */
int text_append_item(char *out, size_t size, const char *separator, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
