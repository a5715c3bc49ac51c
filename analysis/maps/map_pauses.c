/* SPDX-License-Identifier: MIT
 * A sum over rows. */
#include "analysis/maps/map_pauses.h"

#include <math.h>
#include <string.h>

static bool is_of(
    const struct sample *s, const struct map_group *group, const struct map_entry *entry)
{
    return s->accepted == 1 && s->gc_pauses >= 0 && s->threads == group->threads &&
           strcmp(s->op, group->load) == 0 && strcmp(s->layout, entry->estimate->layout) == 0 &&
           strcmp(s->twin, entry->estimate->twin) == 0;
}

bool map_pauses_sum(const struct samples *samples, const struct map_group *group,
    const struct map_entry *entry, struct map_pauses *out)
{
    *out = (struct map_pauses){0};
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *const s = &samples->row[i];
        if (!is_of(s, group, entry))
            continue;
        out->seconds += s->seconds;
        out->pauses += (double)s->gc_pauses;
        out->paused_ns += s->gc_paused_ns;
        out->most_ns = fmax(out->most_ns, s->gc_paused_most_ns);
    }
    return out->seconds > 0;
}
