/* SPDX-License-Identifier: MIT
 * What a program has printed: its metric, its last line, and whether it is what another printed. */
#ifndef PROBES_AB_AB_OUTPUT_H
#define PROBES_AB_AB_OUTPUT_H

#include "probes/ab/ab_program.h"

/* Empties a file in memory before a run. */
void ab_output_clear(int fd);
/* Reads all of it. 0 or -errno; *out is ended by free(out->at). */
int ab_output_read(int fd, struct ab_output *out);
/* The first line that fits: the number in the pattern's first group. NaN: none. */
double ab_output_metric(const struct ab_output *output, const regex_t *pattern);
/* The last line that is not empty; "" when there is none. Changes the output. */
const char *ab_output_last_line(struct ab_output *output);
bool ab_output_same(const struct ab_output *a, const struct ab_output *b);
/* The number, from 1, of the first line that differs. */
size_t ab_output_line(const struct ab_output *a, const struct ab_output *b);

#endif
