/* SPDX-License-Identifier: MIT
 * Parts of SARIF: places in the source, messages and fingerprints. */
#ifndef CLI_DETECT_SARIF_PLACE_H
#define CLI_DETECT_SARIF_PLACE_H

#include "analysis/finding/finding_view.h"

#include <jansson.h>

/* The current folder, below which files are relative, and its URI, which ends in a slash. The
 * caller frees both; NULL: out of memory. */
char *sarif_root(void);
char *sarif_base(const char *root);

/* Each returns a new reference, or NULL when out of memory. */
json_t *sarif_location(const char *root, const struct sharing_place *place); /* line 0: none */
json_t *sarif_message(const char *text);

/* Is the site the first of those that do the same at the same place? */
bool sarif_is_first(const struct finding_view *finding, size_t site);
/* The threads that do it. */
void sarif_letters(const struct finding_view *finding, size_t site, char *out, size_t size);

enum { SARIF_PRINT = 17 };
/* Of the names of its objects and of the functions that allocated them: the same from run to run,
 * and when lines are added above. Fills SARIF_PRINT bytes and returns them. */
const char *sarif_fingerprint(const struct finding_view *finding, char *out);

#endif
