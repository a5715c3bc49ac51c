/* SPDX-License-Identifier: MIT
 * Which threads use the lines of a finding, and how much; which fields of the objects on them are
 * touched, and by which threads. */
#ifndef ANALYSIS_SHARING_FINDING_FIELDS_H
#define ANALYSIS_SHARING_FINDING_FIELDS_H

#include "analysis/sharing/sharing_candidate.h"

/* Fills out->thread, the most accesses first. 0 or -ENOMEM. */
int finding_threads_find(const struct recording *recording, const struct candidate *candidate,
    size_t count, struct sharing *out);
/* Index in sharing->thread; sharing->threads when it is not there. */
size_t finding_thread_index(const struct sharing *sharing, uint32_t slot);

/* Fills the fields of one line, each instance of an object separately and as threads use them at
 * the same time (touches_life), or of all lines, all instances together (instance 0). */
void finding_fields(const struct sharing_context *context, const struct candidate *candidate,
    size_t count, bool instances, struct sharing *out);

#endif
