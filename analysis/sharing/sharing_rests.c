/* SPDX-License-Identifier: MIT
 * Hand-overs that were not counted are taken to have been as frequent, among the accesses, as those
 * that were. */
#include "analysis/sharing/sharing_rests.h"

double rests_factor(const struct recording *recording, const struct line_stat *line)
{
    double all = 0, rested = 0;
    for (uint32_t i = line->touch; i; i = recording->touch[i - 1].next) {
        const struct footprint *const t = &recording->touch[i - 1];
        all += (double)t->reads + (double)t->writes;
        rested += (double)t->rested;
    }
    return rested <= 0 || rested >= all ? 1 : all / (all - rested);
}

uint64_t rests_scale(uint64_t count, double factor)
{
    const double product = factor * (double)count, most = (double)RECORD_COUNT_MAX;
    return (uint64_t)(product < most ? product : most);
}
