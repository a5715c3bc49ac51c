/* SPDX-License-Identifier: MIT
 * Panels "memory": what each strategy's map takes after a load, and once all keys are deleted. */
#include "analysis/charts/panels.h"

#include "analysis/charts/panel_maps.h"
#include "analysis/format/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KIB = 1024, HEAD_PX = 110, ROW_PX = 26 };

static bool is_weighed(const struct map_entry *entry)
{
    return map_entry_is_map(entry) && entry->estimate->map.full_bytes > 0;
}

/* What the leanest map takes: that follows from the number of keys, and not from what waits to be
 * freed. 0: none was weighed. */
static double least_bytes(const struct map_group *g)
{
    double least = INFINITY;
    for (size_t i = 0; i < g->entries; i++)
        if (is_weighed(&g->entry[i]))
            least = fmin(least, g->entry[i].estimate->map.full_bytes);
    return isfinite(least) ? least : 0;
}

/* The load with the most keys, and of it the most threads; NULL: none was weighed. */
static const struct map_group *largest_load(const struct map_selection *pick)
{
    const struct map_group *largest = NULL;
    double most = 0;
    for (size_t i = 0; i < pick->groups; i++) {
        const struct map_group *const g = &pick->group[i];
        const double bytes = least_bytes(g);
        if (bytes > most || (bytes > 0 && largest && strcmp(g->load, largest->load) == 0)) {
            most = fmax(most, bytes);
            largest = g;
        }
    }
    return largest;
}

/* The leanest first. */
struct weighed {
    const struct map_entry *entry[MAP_NAMES_MAX];
    size_t count;
};

static int by_bytes(const void *a, const void *b)
{
    const struct estimate *const x = (*(const struct map_entry *const *)a)->estimate,
                                 *const y = (*(const struct map_entry *const *)b)->estimate;
    return (x->map.full_bytes > y->map.full_bytes) - (x->map.full_bytes < y->map.full_bytes);
}

static struct weighed list_weighed(const struct map_group *g)
{
    struct weighed list = {.count = 0};
    for (size_t i = 0; i < g->entries && list.count < MAP_NAMES_MAX; i++)
        if (is_weighed(&g->entry[i]))
            list.entry[list.count++] = &g->entry[i];
    qsort(list.entry, list.count, sizeof *list.entry, by_bytes);
    return list;
}

/* For gnuplot: what takes nothing has no place on a logarithmic axis. */
static double plot_kib(double bytes)
{
    return bytes > 0 ? bytes / KIB : NAN;
}

static void print_strategy(struct panel_draft *d, const struct map_entry *entry, size_t row)
{
    const struct map_figures *const m = &entry->estimate->map;
    char name[MAP_ENTRY_NAME];
    map_entry_name(entry, name);
    fprintf(d->script, "%zu %g %g\n", row, plot_kib(m->full_bytes), plot_kib(m->emptied_bytes));
    fprintf(d->about, "%s%s %.0f KiB", row ? "; " : "", name, m->full_bytes / KIB);
    if (isfinite(m->emptied_bytes))
        fprintf(d->about, ", emptied %.0f KiB", m->emptied_bytes / KIB);
    TABLE_ROW(d->panel.table, name);
    cell_kib(d->panel.table, m->full_bytes);
    cell_kib(d->panel.table, m->emptied_bytes);
    cell_number(d->panel.table, m->freed_after_ns / 1e3);
}

static void print_weighed(struct panel_draft *d, const struct weighed *list)
{
    double least = INFINITY, most = 0;
    fputs("$data << EOD\n", d->script);
    for (size_t i = 0; i < list->count; i++) {
        const struct map_figures *const m = &list->entry[i]->estimate->map;
        print_strategy(d, list->entry[i], i);
        least = fmin(least, fmin(plot_kib(m->full_bytes), plot_kib(m->emptied_bytes)));
        most = fmax(most, fmax(plot_kib(m->full_bytes), plot_kib(m->emptied_bytes)));
    }
    fprintf(
        d->script, "EOD\nrows = %zu\nleast = %g\nmost = %g\nset ytics (", list->count, least, most);
    for (size_t i = 0; i < list->count; i++) {
        fputs(i ? ", '" : "'", d->script);
        print_map_name(d->script, list->entry[i]);
        fprintf(d->script, "' %zu", i);
    }
    fputs(")\n", d->script);
    fputc('.', d->about);
}

static int build_memory(
    const struct dataset *dataset, const struct map_selection *pick, struct panels *out)
{
    struct panel_draft draft;
    const struct map_group *const g = largest_load(pick);
    if (!g)
        return 0;
    const struct weighed list = list_weighed(g);
    const int failed = panel_begin(
        &draft, table_with("strategy|KiB after the load>|KiB emptied>|freed after us>"));
    if (failed)
        return failed;
    fprintf(draft.title, "memory, %s, ", g->load);
    print_map_size(draft.title, g);
    print_map_origin(draft.title, dataset, g);
    fputs("Of the load with the most keys; the table above has the others.", draft.note);
    print_weighed(&draft, &list);
    draft.panel.height_px = HEAD_PX + ROW_PX * (unsigned)list.count;
    return panel_end(&draft, out);
}

int panels_memory(const struct dataset *dataset, struct panels *out)
{
    return panels_maps_each(dataset, map_span_run, build_memory, out);
}
