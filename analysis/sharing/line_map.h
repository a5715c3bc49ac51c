/* SPDX-License-Identifier: MIT
 * A drawing of a cache line: who touches which byte, with the fields named below. */
#ifndef ANALYSIS_SHARING_LINE_MAP_H
#define ANALYSIS_SHARING_LINE_MAP_H

#include "analysis/sharing/sharing.h"

#include <stdbool.h>
#include <stdio.h>

/* Threads as letters in the order of sharing.thread: A-Z, a-z, then '*'. */
char line_map_letter(size_t thread);
/* The letters of a set of threads, at most `size` - 1. */
void line_map_letters(uint64_t set, char *out, size_t size);
/* What a thread did to a byte of the line: 'R' read, 'W' wrote, 'B' both, '.' nothing. */
char line_map_byte(const struct sharing_row *row, unsigned byte);
/* At most 80 columns wide. `utf8`: the terminal shows more than ASCII. */
void line_map_print(const struct sharing *sharing, bool utf8, FILE *out);

#endif
