/* SPDX-License-Identifier: MIT
 * Which threads use the lines of a finding, and how much. */
#ifndef ANALYSIS_SHARING_FINDING_THREAD_H
#define ANALYSIS_SHARING_FINDING_THREAD_H

#include "analysis/sharing/sharing_candidate.h"

/* Fills out->thread, the most accesses first. 0 or -ENOMEM. */
int finding_threads_find(const struct recording *recording, const struct candidate *candidate,
    size_t count, struct sharing *out);
/* Index in sharing->thread; sharing->threads when it is not there. */
size_t finding_thread_index(const struct sharing *sharing, uint32_t slot);

#endif
