/* SPDX-License-Identifier: MIT
 * What a report shows of a finding: frames, names of threads, places on the line. */
#ifndef ANALYSIS_SHARING_FINDING_RESOLVE_H
#define ANALYSIS_SHARING_FINDING_RESOLVE_H

#include "analysis/sharing/sharing.h"

void finding_resolve(struct sharing *finding);

#endif
