/* SPDX-License-Identifier: MIT
 * A finding filled in from the candidates it was made of. */
#ifndef ANALYSIS_SHARING_FINDING_BUILD_H
#define ANALYSIS_SHARING_FINDING_BUILD_H

#include "analysis/sharing/sharing_candidate.h"

/* Objects, threads, sites, fields, rows and counts; kind, latent and suggestion are not its own.
 * 0 or -ENOMEM. */
int finding_build(const struct sharing_context *context, const struct candidate *candidate,
    size_t count, struct sharing *out);
/* The fields of one line, with who touches them, each instance of an object by itself, or of all
 * lines, all instances together (instance 0). 0 or -ENOMEM. */
int finding_fields(const struct sharing_context *context, const struct candidate *candidate,
    size_t count, bool instances, struct sharing *out);

#endif
