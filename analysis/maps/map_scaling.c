/* SPDX-License-Identifier: MIT
 * From groups to a curve. */
#include "analysis/maps/map_scaling.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>

/* Each block's throughput: its regime is that of all sizes, or they could not be compared. */
static int add_point(const struct map_group *g, const struct map_entry *e, struct knee_point *out)
{
    if (!e)
        return -EINVAL;
    const size_t blocks = e->estimate->ns.n;
    double *const value = malloc((blocks + 1) * sizeof *value);
    if (!value)
        return -ENOMEM;
    for (size_t i = 0; i < blocks; i++)
        value[i] = map_throughput(g, e->estimate->block_ns[i]);
    *out = (struct knee_point){(double)map_group_size(g), value, blocks};
    return 0;
}

int map_scaling_find(const struct map_group *group, size_t groups, const char *strategy,
    int64_t align_bytes, struct knee *out)
{
    struct knee_point point[KNEE_SIZES_MOST];
    size_t points = 0;
    int code = groups < KNEE_SIZES || groups > KNEE_SIZES_MOST ? -EINVAL : 0;
    for (size_t i = 0; i < groups && !code; i++) {
        if (group[i].regime != group->regime)
            code = -EINVAL;
        else
            code = add_point(
                &group[i], map_group_find(&group[i], strategy, align_bytes), &point[points]);
        points += !code;
    }
    if (!code)
        code = knee_find(point, points, MAP_SCALING_SEED, out);
    for (size_t i = 0; i < points; i++)
        free((void *)(uintptr_t)point[i].value);
    return code;
}

const char *map_scaling_text(const struct map_group *group, size_t groups, const char *strategy,
    int64_t align_bytes, char out[MAP_SCALING_TEXT])
{
    struct knee knee;
    char at[MAP_GROUP_NAME], low[MAP_GROUP_NAME], high[MAP_GROUP_NAME];
    out[0] = '\0';
    if (map_scaling_find(group, groups, strategy, align_bytes, &knee))
        return out;
    if (knee.found)
        text_append(out, MAP_SCALING_TEXT, "%s (%s–%s)", map_size_text(knee.at.mid, at),
            map_size_text(knee.at.low, low), map_size_text(knee.at.high, high));
    else
        text_append(out, MAP_SCALING_TEXT, "none up to %s",
            map_size_text((double)map_group_size(&group[groups - 1]), at));
    return out;
}
