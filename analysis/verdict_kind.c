/* SPDX-License-Identifier: MIT
 * What an interval of a ratio says by itself. */
#include "analysis/verdict.h"

#include <math.h>

enum verdict_kind verdict_kind(struct interval ratio)
{
    if (isnan(ratio.low) || isnan(ratio.high))
        return VERDICT_NONE;
    if (ratio.low > VERDICT_THRESHOLD)
        return VERDICT_SLOWER;
    if (ratio.high < 1 / VERDICT_THRESHOLD)
        return VERDICT_FASTER;
    if (ratio.low >= 1 / VERDICT_THRESHOLD && ratio.high <= VERDICT_THRESHOLD)
        return VERDICT_SAME;
    return VERDICT_OPEN;
}
