/* SPDX-License-Identifier: MIT
 * Which fields of the objects on a line are touched, and by which threads. */
#ifndef ANALYSIS_SHARING_FINDING_FIELDS_H
#define ANALYSIS_SHARING_FINDING_FIELDS_H

#include "analysis/sharing/sharing_candidate.h"

/* Fills the fields of one line, each instance of an object separately, or of all lines, all
 * instances together (instance 0). */
void finding_fields(const struct sharing_context *context, const struct candidate *candidate,
    size_t count, bool instances, struct sharing *out);

#endif
