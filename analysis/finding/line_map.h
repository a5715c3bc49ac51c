/* SPDX-License-Identifier: MIT
 * A drawing of a cache line: which thread touches which byte, with the fields named below. */
#ifndef ANALYSIS_FINDING_LINE_MAP_H
#define ANALYSIS_FINDING_LINE_MAP_H

#include "analysis/finding/finding_view.h"

#include <stdio.h>

/* Threads as letters in the order of finding_view.threads: A-Z, a-z, then '*'. */
char line_map_letter(size_t thread);
/* The letters of a set of threads, at most `size` - 1. */
void line_map_letters(uint64_t set, char *out, size_t size);
/* At most 80 columns wide. `utf8`: the terminal shows more than ASCII. */
void line_map_print(const struct view_picture *picture, bool utf8, FILE *out);

#endif
