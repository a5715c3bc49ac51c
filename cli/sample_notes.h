/* SPDX-License-Identifier: MIT
 * What a reader should know about the samples below a report. */
#ifndef CLI_SAMPLE_NOTES_H
#define CLI_SAMPLE_NOTES_H

#include "base/sample.h"

#include <stdio.h>

/* How many trials were rejected, and whether the memory's place is unverified; nothing where
 * neither applies. */
void sample_notes_print(const struct samples *samples, FILE *out);

#endif
