/* SPDX-License-Identifier: MIT
 * Where in the source an address is, as a reader looks for it. */
#ifndef ANALYSIS_SHARING_SHARING_FRAME_H
#define ANALYSIS_SHARING_SHARING_FRAME_H

#include "analysis/dwarf/dwarf.h"

/* Of the functions inlined at `pc`, the innermost outside the system's headers: the line of
 * interest is the one that called std::atomic, not the one inside it. */
struct dwarf_frame sharing_frame(struct dwarf *dwarf, uint64_t pc);
/* Is it the system's, as the C++ library's headers and libc are? */
bool sharing_frame_is_library(const struct dwarf_frame *frame);

#endif
