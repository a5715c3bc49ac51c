/* SPDX-License-Identifier: MIT
 * A command line as one text, in the quotes of a shell, and back. Not for expansions: the text is
 * never given to a shell before its words were read and quoted again. */
#ifndef ANALYSIS_FLEET_WORDS_H
#define ANALYSIS_FLEET_WORDS_H

#include "base/err.h"

#include <stddef.h>

struct fleet_words {
    char **word; /* in one allocation with their characters; ends with NULL */
    size_t count;
};

/* Words with blanks between them, as base/text.h's text_put_word prints each. The caller frees the
 * text; NULL when out of memory. */
char *fleet_words_join(char *const *word, size_t count);
/* Reads single quotes and backslashes. -EINVAL for a quote that does not end, or for what a
 * shell would expand: then the text is not what fleet_words_join wrote. -ENOMEM. */
int fleet_words_split(const char *text, struct fleet_words *words);
void fleet_words_fini(struct fleet_words *words);

#endif
