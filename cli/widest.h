/* SPDX-License-Identifier: MIT
 * The estimate that a measurement waits for: the widest interval of the regime with the most
 * blocks.
 */
#ifndef CLI_WIDEST_H
#define CLI_WIDEST_H

#include "analysis/dataset/summary.h"

#include <stdbool.h>
#include <stdio.h>

enum { WIDEST_NAME = 96 };

struct widest {
    double width;           /* half of the interval as a share; infinite: there is none yet */
    char name[WIDEST_NAME]; /* "counter add 8 B adder, ratio"; "" */
};

/* `ratios`: those to the reference are to be narrow, too. */
struct widest widest_of(const struct summary *summary, bool ratios);

/* A line about why a measurement ended before its intervals were narrow. */
void widest_report(const struct widest *widest, const char *limit, double precision, FILE *out);

#endif
