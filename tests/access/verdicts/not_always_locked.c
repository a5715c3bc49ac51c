/* SPDX-License-Identifier: MIT */
/* verdict: latent
 * names: 1. latent false sharing: global counts (struct counts)
 * As one_lock, but once in a turn each thread does so without the lock. */
#define OUTSIDE
#include "one_lock.c"
