/* SPDX-License-Identifier: MIT
 * What a reader should know about the samples below a report. */
#ifndef CLI_SAMPLE_NOTES_H
#define CLI_SAMPLE_NOTES_H

#include "base/sample.h"

#include <stdio.h>

/* How many trials were rejected, whether the memory's place is unverified, whether it has smaller
 * pages than asked for, and whether the clock is too slow for its cost to vanish; nothing of what
 * does not apply. */
void sample_notes_print(const struct samples *samples, FILE *out);

#endif
