/* SPDX-License-Identifier: MIT
 * Where a text was seen first. Texts are borrowed. */
#ifndef ANALYSIS_FLEET_SEEN_H
#define ANALYSIS_FLEET_SEEN_H

#include <stddef.h>

struct fleet_seen; /* NULL is an empty one */

enum { FLEET_UNSEEN = -1 };
/* The index that was added with `text`, or FLEET_UNSEEN. */
long fleet_seen_find(const struct fleet_seen *seen, const char *text);
/* `text` must not be there. 0 or -ENOMEM. */
int fleet_seen_add(struct fleet_seen **seen, const char *text, size_t index);
void fleet_seen_free(struct fleet_seen **seen);

#endif
