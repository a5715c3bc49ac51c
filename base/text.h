/* SPDX-License-Identifier: MIT
 * Text in a buffer of fixed size, built by appending. Not for text without a limit: use
 * open_memstream for that. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Appends to the text in `out`, a buffer of `size` bytes. What does not fit is cut. Returns 0, or
 * -ENOSPC when something was cut. */
int text_append(char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for lists: first appends `separator` unless the text is still empty. */
int text_append_item(char *out, size_t size, const char *separator, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Is it one of `count` texts? The macro takes an array of them. */
bool text_is_one_of(const char *const *list, size_t count, const char *text);
#define TEXT_IS_ONE_OF(list, text) text_is_one_of(list, sizeof(list) / sizeof *(list), text)

/* Names of files, functions, fields, threads and programs may carry characters that a terminal
 * obeys: C0, DEL, C1 (as UTF-8, or as bytes that are not UTF-8). What prints a name uses these,
 * which replace each by a blank. */
void text_blank_controls(char *text); /* in place */
/* Prints the first `size` bytes of a text. */
void text_put(const char *text, size_t size, FILE *out);
/* The same for all of it, with a backslash before each character of `special`. */
void text_put_escaped(const char *text, const char *special, FILE *out);
/* A word for a shell: in single quotes if it has special characters. */
void text_put_word(const char *word, FILE *out);
/* As fprintf; line ends at the beginning and end of the format stay. */
void text_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
