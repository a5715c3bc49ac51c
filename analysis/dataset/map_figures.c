/* SPDX-License-Identifier: MIT
 * A figure of a map after the other. */
#include "analysis/dataset/map_figures.h"

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static double full_bytes(const struct trial_fold_map *map)
{
    return map->full_bytes;
}

static double emptied_bytes(const struct trial_fold_map *map)
{
    return map->emptied_bytes;
}

static double iterate_ns(const struct trial_fold_map *map)
{
    return share_of(map->iterating_ns, map->iterations);
}

static double allocations(const struct trial_fold_map *map)
{
    return share_of(map->allocations, map->writes);
}

static double freed_after_ns(const struct trial_fold_map *map)
{
    return map->freed_after_ns;
}

static double promotions(const struct trial_fold_map *map)
{
    return map->promotions;
}

static double promoting_most_ns(const struct trial_fold_map *map)
{
    return map->promoting_most_ns;
}

static double p999_ns(const struct trial_fold_map *map)
{
    return map->p999_ns;
}

static const struct {
    double (*of)(const struct trial_fold_map *map);
    size_t offset; /* in struct map_figures */
} figures[] = {
    {full_bytes, offsetof(struct map_figures, full_bytes)},
    {emptied_bytes, offsetof(struct map_figures, emptied_bytes)},
    {iterate_ns, offsetof(struct map_figures, iterate_ns)},
    {allocations, offsetof(struct map_figures, allocations)},
    {freed_after_ns, offsetof(struct map_figures, freed_after_ns)},
    {promotions, offsetof(struct map_figures, promotions)},
    {promoting_most_ns, offsetof(struct map_figures, promoting_most_ns)},
    {p999_ns, offsetof(struct map_figures, p999_ns)},
};

void map_figures_fold(const struct trial_folds *p, const uint32_t *index, size_t count,
    double *value, struct estimate *estimate)
{
    for (size_t f = 0; f < sizeof figures / sizeof *figures; f++) {
        size_t values = 0;
        for (size_t i = 0; i < count; i++) {
            const struct trial_fold *const fold = &p->fold[index[i]];
            const double of =
                fold->map == FOLD_NONE || !fold->accepted ? NAN : figures[f].of(&p->map[fold->map]);
            if (!isnan(of))
                value[values++] = of;
        }
        double *const out = (double *)(void *)((char *)&estimate->map + figures[f].offset);
        *out = stats_median_among(value, values);
    }
}
