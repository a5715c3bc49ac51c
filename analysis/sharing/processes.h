/* SPDX-License-Identifier: MIT
 * What processes do to each other in memory that they share: the lines of several recordings that
 * are the same memory, as lines of one recording whose threads are theirs. */
#ifndef ANALYSIS_SHARING_PROCESSES_H
#define ANALYSIS_SHARING_PROCESSES_H

#include "base/record_read.h"

/* Lines that at least two of the recordings used, which ran at the same time. Their hand-overs were
 * not counted, since each process sees only its own accesses: only what may happen is known.
 * Addresses are those of the first of them; the code of the others is found where it has the same
 * path. Ended by record_fini. With no such line out->lines is 0. 0 or -ENOMEM. */
int processes_join(const struct recording *const *recording, size_t count, struct recording *out);

#endif
