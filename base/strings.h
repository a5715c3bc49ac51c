/* SPDX-License-Identifier: MIT
 * Texts stored once each, so that a million cells with the same text cost one. */
#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

struct strings; /* owns the texts */

struct strings *strings_new(void); /* NULL when out of memory */
/* The one copy of `text`; it lives as long as `strings`. NULL when out of memory. */
const char *strings_intern(struct strings *strings, const char *text);
void strings_free(struct strings *strings); /* NULL is safe */

#endif
