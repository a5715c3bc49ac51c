/* SPDX-License-Identifier: MIT
 * The estimate of a point of matrix --memory. */
#include "cli/matrix/matrix_memory.h"

#include <string.h>

const struct estimate *matrix_memory_estimate(
    const struct summary *summary, const struct memory_plan *plan, const struct memory_point *point)
{
    const int64_t cpu = plan->cpus.cpu[point->cpu];
    const char *const home = plan->target[point->target].home;
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *const e = &summary->estimate[i];
        if (e->cpu == cpu && strcmp(e->home, home) == 0 && summary->regimes > 0 &&
            summary_regime(summary, e) == &summary->regime[0])
            return e;
    }
    return NULL;
}
