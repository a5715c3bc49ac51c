/* SPDX-License-Identifier: MIT
 * Text for terminals that do not have all characters, or obey no escapes. */
#ifndef CLI_PLAIN_TEXT_H
#define CLI_PLAIN_TEXT_H

#include <stdbool.h>

/* Whether the locale of the environment is UTF-8. */
bool plain_text_is_utf8(void);
/* Whether TERM names a terminal that obeys no escapes. */
bool plain_text_is_dumb(void);
/* Where the locale is not UTF-8, stdout and stderr print ASCII from here on: "x" for a
 * multiplication sign, "-" for a dash. Files that options name, and "-", stay as they are: they
 * have other streams.
 */
void plain_text_begin(void);

#endif
