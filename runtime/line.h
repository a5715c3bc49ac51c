/* SPDX-License-Identifier: MIT
 * Tier 2: accesses to lines that have a line_stat. */
#ifndef RUNTIME_LINE_H
#define RUNTIME_LINE_H

#include "runtime/footprint.h"
#include "runtime/shadow.h"

/* Counts the access in the line_stat with this index. Returns false when it cannot be counted there
 * now, and the line's entry must be looked at again. */
HIDDEN bool line_access(uint32_t index, const struct access *a);

#endif
