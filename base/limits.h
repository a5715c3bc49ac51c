/* SPDX-License-Identifier: MIT
 * Bounds that modules which do not include each other must agree on. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* Two times of one pair of cpus belong to the same regime if they differ by at most this factor. */
#define REGIME_FACTOR 1.25
/* A ratio differs from 1 if its whole interval is outside 1/VERDICT_THRESHOLD to
 * VERDICT_THRESHOLD. */
#define VERDICT_THRESHOLD 1.05

#endif
