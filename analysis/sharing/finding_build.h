/* SPDX-License-Identifier: MIT
 * A finding filled in from the candidates it is made of. */
#ifndef ANALYSIS_SHARING_FINDING_BUILD_H
#define ANALYSIS_SHARING_FINDING_BUILD_H

#include "analysis/sharing/sharing_candidate.h"

/* Fills objects, threads, sites, fields, rows and counts, but not kind, latent and suggestion.
 * 0 or -ENOMEM. */
int finding_build(const struct sharing_context *context, const struct candidate *candidate,
    size_t count, struct sharing *out);
void finding_free(struct sharing *finding); /* one that is not in a list; NULL is safe */

#endif
