/* SPDX-License-Identifier: MIT
 * Writes HTML: every text from outside is escaped here, and only here. */
#ifndef ANALYSIS_FORMAT_HTML_H
#define ANALYSIS_FORMAT_HTML_H

#include "base/table.h"

/* Escapes the special characters of HTML, in elements and in quoted attributes. A byte that is not
 * UTF-8 and a control character become U+FFFD. NULL is "". */
void html_text(FILE *out, const char *text);
/* Formats, then escapes. */
void html_print_text(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* <tag class="class">formatted and escaped</tag>; class NULL: none. */
void html_print(FILE *out, const char *tag, const char *class, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* In a box that scrolls if the page is narrower; sortable by the page's script. The
 * paint of a cell becomes its class, and a column that every row leaves empty is not shown. 0, or
 * -ENOMEM as table_text. */
int html_table(FILE *out, const struct table *table, const char *caption);

#endif
