/* SPDX-License-Identifier: MIT
 * What to change within one object, or one element of an array, of which several threads use parts.
 */
#ifndef ANALYSIS_SHARING_SUGGESTION_MEMBERS_H
#define ANALYSIS_SHARING_SUGGESTION_MEMBERS_H

#include "analysis/sharing/sharing.h"

static inline uint64_t whole_lines(uint64_t size, unsigned line)
{
    return (size + line - 1) / line * line;
}

/* Parts that one thread alone uses, that are only read, or that the same threads write and read.
 * What a thread reads alone belongs to what it writes, not to what others read. */
bool parts_stay_together(
    const struct sharing *sharing, const struct sharing_field *a, const struct sharing_field *b);
/* Appends which of the parts are to be aligned or moved. */
void suggestion_members(const struct sharing *sharing, unsigned line, struct suggestion *out);

#endif
