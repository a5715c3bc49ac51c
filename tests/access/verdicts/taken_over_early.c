/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: counts (struct counts)
 * As taken_over, but main has taken the first count's line over before the second thread does
 * anything: what the first did is kept for it. */
#define ADDS 30000
#define LATE_US 20000
#include "stack_start.c"
