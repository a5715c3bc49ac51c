/* SPDX-License-Identifier: MIT
 * Writes GitHub-flavoured Markdown: every text from outside is escaped here, and only here. */
#ifndef ANALYSIS_FORMAT_MARKDOWN_H
#define ANALYSIS_FORMAT_MARKDOWN_H

#include <stdio.h>

/* No character of the text becomes a table's bar, a code span, a link or HTML, and none ends the
 * line. */
void markdown_text(FILE *out, const char *text);
/* Formats, then escapes. */
void markdown_print_text(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
