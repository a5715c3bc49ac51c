/* SPDX-License-Identifier: MIT
 * Spans of groups of maps, and names in their panels. */
#include "analysis/charts/panel_maps.h"

#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t map_span_run(const struct map_table *table, size_t first)
{
    const struct map_group *const g = &table->group[first];
    size_t end = first + 1;
    while (end < table->groups && SAME_RUN(&table->group[end], g))
        end++;
    return end - first;
}

/* Groups without a trial that counts are left out. */
static size_t drop_empty(struct map_table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->groups; i++)
        if (table->group[i].entries)
            table->group[kept++] = table->group[i];
        else
            free(table->group[i].entry);
    return kept;
}

int panels_maps_each(
    const struct dataset *dataset, map_span_fn *span, map_build_fn *build, struct panels *out)
{
    struct map_table table;
    int code = map_table_build(&dataset->summary, &table);
    table.groups = drop_empty(&table);
    for (size_t i = 0, groups; !code && i < table.groups; i += groups) {
        groups = span(&table, i);
        if (out->count < PANELS_MAX)
            code = build(dataset, &(struct map_selection){&table.group[i], groups}, out);
        else
            out->left_out++;
    }
    map_table_fini(&table);
    return code;
}

void map_names_add(struct map_names *names, const struct map_group *group)
{
    for (size_t i = 0; i < group->entries; i++) {
        const struct map_entry *const entry = &group->entry[i];
        bool seen = !map_entry_is_map(entry);
        for (size_t k = 0; k < names->count && !seen; k++)
            seen = map_entry_is_same(names->entry[k], entry);
        if (!seen && names->count < MAP_NAMES_MAX)
            names->entry[names->count++] = entry;
        else if (!seen)
            names->left_out++;
    }
}

const struct map_entry *map_names_find(const struct map_group *group, const struct map_entry *entry)
{
    for (size_t i = 0; i < group->entries; i++)
        if (map_entry_is_same(&group->entry[i], entry))
            return &group->entry[i];
    return NULL;
}

void print_map_origin(FILE *out, const struct dataset *dataset, const struct map_group *group)
{
    print_origin(out, dataset, group->entry->estimate);
}

void print_map_size(FILE *out, const struct map_group *group)
{
    char name[MAP_GROUP_NAME];
    fputs(map_group_places(group, name), out);
    if (group->clients != SAMPLE_NONE)
        fprintf(out, ", %s", map_group_name(group, name));
}

void print_map_name(FILE *script, const struct map_entry *entry)
{
    char name[MAP_ENTRY_NAME];
    gnuplot_text(script, map_entry_name(entry, name));
}

void cell_kib(struct table *table, double bytes)
{
    enum { KIB = 1024 };
    if (isfinite(bytes))
        table_cell(table, PAINT_NONE, "%.0f", fmax(bytes, 0) / KIB);
    else
        table_cell(table, PAINT_NONE, NULL);
}
