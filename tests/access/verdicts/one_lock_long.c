/* SPDX-License-Identifier: MIT */
/* verdict: none
 * As one_lock, but the lock is had so long that the runtime looks at the accesses no more. */
#define LONG
#include "one_lock.c"
