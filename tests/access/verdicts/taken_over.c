/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: counts (struct counts)
 * As stack_start, but over in a moment: after the first join main reads the other thread's id, on
 * the line of the first count, and what the first thread did there is not forgotten. */
#define ADDS 30000
#include "stack_start.c"
