/* SPDX-License-Identifier: MIT
 * What to change in the source so that the parts of a line no longer share it. */
#ifndef ANALYSIS_SHARING_SUGGESTION_H
#define ANALYSIS_SHARING_SUGGESTION_H

#include "analysis/sharing/sharing.h"

/* From the parts of the worst line, the threads that touch them, and their types. */
void suggestion_make(const struct sharing *sharing, unsigned line_bytes, struct suggestion *out);

#endif
