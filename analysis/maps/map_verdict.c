/* SPDX-License-Identifier: MIT
 * The wording. */
#include "analysis/maps/map_verdict.h"

#include "analysis/format/format.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* 2 slower is 0.5 as fast. */
static struct interval inverse(struct interval i)
{
    return (struct interval){1 / i.high, 1 / i.mid, 1 / i.low, i.n};
}

static bool has_maps(const struct map_group *g)
{
    return g->entries && map_entry_is_map(&g->entry[0]);
}

/* Whether the fastest is faster than all others, as far as can be said. */
static bool is_clear(const struct map_group *g)
{
    return has_maps(g) && verdict_kind(g->runner_up) == VERDICT_SLOWER;
}

bool map_verdict_is_limited(const struct map_group *g)
{
    static const double ALIKE = 1.05;
    const struct map_entry *const none = map_group_find(g, "none", SAMPLE_NONE);
    return g->clients != SAMPLE_NONE && none &&
           g->entry[0].estimate->ns.mid < ALIKE * none->estimate->ns.mid;
}

/* The same one wins, or the same two are alike, whichever comes first. */
static bool same_answer(const struct map_group *a, const struct map_group *b)
{
    if (map_verdict_is_limited(a) || map_verdict_is_limited(b))
        return map_verdict_is_limited(a) && map_verdict_is_limited(b);
    if (is_clear(a) != is_clear(b))
        return false;
    if (is_clear(a) || a->entries < 2 || b->entries < 2)
        return map_entry_is_same(&a->entry[0], &b->entry[0]);
    const unsigned swapped = !map_entry_is_same(&a->entry[0], &b->entry[0]);
    return map_entry_is_same(&a->entry[0], &b->entry[swapped]) &&
           map_entry_is_same(&a->entry[1], &b->entry[!swapped]);
}

/* "sharded 64 B wins", or that the first two are alike. */
static void add_winner(char *out, const struct map_group *g)
{
    char first[MAP_ENTRY_NAME], second[MAP_ENTRY_NAME];
    map_entry_name(&g->entry[0], first);
    if (map_verdict_is_limited(g)) {
        text_append(out, MAP_VERDICT_TEXT, "how long clients think is the limit");
        return;
    }
    if (g->entries < 2 || !map_entry_is_map(&g->entry[1])) {
        text_append(out, MAP_VERDICT_TEXT, "%s alone was measured", first);
        return;
    }
    map_entry_name(&g->entry[1], second);
    if (is_clear(g))
        text_append(out, MAP_VERDICT_TEXT, "%s wins", first);
    else if (verdict_kind(g->runner_up) == VERDICT_SAME)
        text_append(out, MAP_VERDICT_TEXT, "%s and %s are alike", first, second);
    else
        text_append(
            out, MAP_VERDICT_TEXT, "%s or %s: a longer --max-time may decide it", first, second);
}

static const struct map_entry *slowest(const struct map_group *g)
{
    const struct map_entry *last = NULL;
    for (size_t i = 0; i < g->entries; i++)
        last = map_entry_is_map(&g->entry[i]) ? &g->entry[i] : last;
    return last;
}

/* Against the baseline: the fastest, twotier, which the text is about, and the slowest. */
static void add_ratio(
    char *out, const struct map_group *g, const struct map_entry *e, const char *separator)
{
    char name[MAP_ENTRY_NAME], factor[CELL_TEXT];
    if (!e || e == g->baseline || isnan(e->ratio.low))
        return;
    if (verdict_kind(e->ratio) == VERDICT_SAME) {
        text_append(out, MAP_VERDICT_TEXT, "%s%s is as fast", separator, map_entry_name(e, name));
        return;
    }
    const bool faster = e->ratio.mid < 1;
    text_append(out, MAP_VERDICT_TEXT, "%s%s %s %s", separator, map_entry_name(e, name),
        ratio_interval_text(faster ? inverse(e->ratio) : e->ratio, factor),
        faster ? "faster" : "slower");
    if (!faster && e->estimate->map.promotions > 0)
        text_append(out, MAP_VERDICT_TEXT, ", with promotions");
}

static void add_ratios(char *out, const struct map_group *g)
{
    char name[MAP_ENTRY_NAME];
    const struct map_entry *const two = map_group_find(g, "twotier", SAMPLE_NONE);
    const struct map_entry *const first = &g->entry[0], *const last = slowest(g);
    if (!g->baseline || g->entries < 2 || map_verdict_is_limited(g))
        return;
    if (g->baseline->estimate->ns.n < STATS_BLOCKS_MIN) {
        text_append(out, MAP_VERDICT_TEXT, "; %s: blocks %zu, and %d are needed to compare",
            map_entry_name(g->baseline, name), g->baseline->estimate->ns.n, STATS_BLOCKS_MIN);
        return;
    }
    text_append(out, MAP_VERDICT_TEXT, "; against %s", map_entry_name(g->baseline, name));
    add_ratio(out, g, first, ": ");
    add_ratio(out, g, two != first ? two : NULL, ", ");
    add_ratio(out, g, last != first && last != two ? last : NULL, ", ");
}

/* A strategy that differs from itself is a fault of the instrument. */
static void add_twins(char *out, const struct map_group *group, size_t groups)
{
    char name[MAP_ENTRY_NAME], factor[CELL_TEXT];
    size_t compared = 0, different = 0;
    for (size_t i = 0; i < groups; i++)
        for (size_t k = 0; k < group[i].entries; k++) {
            const struct map_entry *const e = &group[i].entry[k];
            const enum verdict_kind kind = verdict_kind(e->ratio);
            compared += kind != VERDICT_NONE;
            if (kind != VERDICT_SLOWER && kind != VERDICT_FASTER)
                continue;
            different++;
            text_append_item(out, MAP_VERDICT_TEXT, ", ", "%s differs from a: %s",
                map_entry_name(e, name), ratio_interval_text(e->ratio, factor));
        }
    if (!different)
        text_append(out, MAP_VERDICT_TEXT, "%zu strategies compared with themselves: %s", compared,
            compared ? "none differs" : "too few blocks");
}

void map_verdict_text(const struct map_group *group, size_t groups, char out[MAP_VERDICT_TEXT])
{
    char name[MAP_GROUP_NAME];
    out[0] = '\0';
    const struct map_group *last = NULL;
    if (group->twins) {
        add_twins(out, group, groups);
        return;
    }
    for (size_t i = 0; i < groups; i++) {
        const struct map_group *const g = &group[i];
        if (!has_maps(g) || (last && same_answer(last, g)))
            continue;
        text_append_item(out, MAP_VERDICT_TEXT, "; ", "%s", "");
        add_winner(out, g);
        if (groups > 1)
            text_append(out, MAP_VERDICT_TEXT, "%s%s%s", i ? " from " : " with ",
                map_group_name(g, name), i ? " on" : "");
        last = g;
    }
    if (last)
        add_ratios(out, &group[groups - 1]);
    else
        text_append(out, MAP_VERDICT_TEXT, "no trial of a map counted");
}

void map_verdict_padding(const struct map_group *g, char out[MAP_VERDICT_TEXT])
{
    struct interval ratio;
    char factor[CELL_TEXT];
    const struct map_entry *const packed = map_group_find(g, "sharded", 8);
    const struct map_entry *const padded = map_group_find(g, "sharded", 64);
    out[0] = '\0';
    if (!packed || !padded || map_entry_compare(packed, padded, &ratio))
        return;
    switch (verdict_kind(ratio)) {
    case VERDICT_SLOWER:
        text_append(out, MAP_VERDICT_TEXT,
            "sharded at 8 B takes %s of 64 B: neighbouring shards' locks and sizes share lines",
            ratio_interval_text(ratio, factor));
        break;
    case VERDICT_SAME:
        text_append(out, MAP_VERDICT_TEXT, "sharded at 8 B and at 64 B are alike here");
        break;
    default:
        break;
    }
}
