/* SPDX-License-Identifier: MIT
 * The verdict of one interval of a ratio. */
#include "analysis/verdict/verdict.h"

#include <math.h>

enum verdict_kind verdict_kind_at(struct interval ratio, double threshold)
{
    if (isnan(ratio.low) || isnan(ratio.high))
        return VERDICT_NONE;
    if (ratio.low > threshold)
        return VERDICT_SLOWER;
    if (ratio.high < 1 / threshold)
        return VERDICT_FASTER;
    if (ratio.low >= 1 / threshold && ratio.high <= threshold)
        return VERDICT_SAME;
    return VERDICT_OPEN;
}

enum verdict_kind verdict_kind(struct interval ratio)
{
    return verdict_kind_at(ratio, VERDICT_THRESHOLD);
}
