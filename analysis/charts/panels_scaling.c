/* SPDX-License-Identifier: MIT
 * Panels "scaling": what all threads together do under one load, by how many there are. */
#include "analysis/charts/panels.h"

#include "analysis/charts/panel_maps.h"
#include "analysis/charts/panel_select.h"
#include "analysis/format/format.h"
#include "analysis/maps/map_verdict.h"

#include <inttypes.h>
#include <math.h>

/* A line of the key has two strategies. */
enum { KEY_COLUMNS = 2, KEY_PX = 18 };

struct range {
    double least, most;
};

static void add_row(struct table *t, const struct map_group *g, const struct map_entry *entry)
{
    const struct estimate *const e = entry->estimate;
    char name[MAP_ENTRY_NAME];
    TABLE_ROW(t, map_entry_name(entry, name));
    cell_int(t, g->threads);
    cell_number(t, map_throughput(g, e->ns.mid));
    cell_number(t, e->ns.mid);
    cell_range(t, e->ns);
    cell_ratio(t, entry->ratio);
    cell_ratio_range(t, entry->ratio);
    table_cell(t, PAINT_NONE, "%zu", e->ns.n);
}

static void print_point(struct panel_draft *d, const struct map_group *g,
    const struct map_entry *entry, struct range *range)
{
    const struct interval ns = entry->estimate->ns;
    const double all = map_throughput(g, ns.mid);
    char text[CELL_TEXT];
    fprintf(d->script, "%" PRId64 " %g %g %g\n", g->threads, all, map_throughput(g, ns.high),
        map_throughput(g, ns.low));
    fprintf(d->about, " %s with ", number_text(all, text));
    print_map_threads(d->about, g);
    fputc(',', d->about);
    range->least = fmin(range->least, all);
    range->most = fmax(range->most, all);
    add_row(d->panel.table, g, entry);
}

static struct range print_curves(
    struct panel_draft *d, const struct map_selection *pick, const struct map_names *names)
{
    struct range range = {INFINITY, 0};
    fputs("$data << EOD\n", d->script);
    for (size_t s = 0; s < names->count; s++) {
        char name[MAP_ENTRY_NAME];
        fputs(s ? "\n\n" : "", d->script);
        print_word(d->script, map_entry_name(names->entry[s], name));
        fputc('\n', d->script);
        fprintf(d->about, "%s%s:", s ? " " : "", name);
        for (size_t g = 0; g < pick->groups; g++) {
            const struct map_entry *const entry = map_names_find(&pick->group[g], names->entry[s]);
            if (entry)
                print_point(d, &pick->group[g], entry, &range);
        }
    }
    fprintf(d->about, " in million ops a second.");
    fprintf(d->script, "EOD\nlog = %d\nleast = %g\nmost = %g\n", wants_log(range.least, range.most),
        range.least, range.most);
    return range;
}

static void print_counts(FILE *script, const struct map_selection *pick)
{
    const int64_t least = pick->group->threads, most = pick->group[pick->groups - 1].threads;
    fputs("set xtics (", script);
    for (size_t g = 0; g < pick->groups; g++)
        fprintf(script, "%s%" PRId64, g ? ", " : "", pick->group[g].threads);
    fprintf(script, ")\nfew = %" PRId64 "\nmany = %" PRId64 "\n", least, most);
}

static int build_scaling(
    const struct dataset *dataset, const struct map_selection *pick, struct panels *out)
{
    struct map_names names = {.count = 0};
    struct panel_draft draft;
    for (size_t g = pick->groups; g > 0; g--)
        map_names_add(&names, &pick->group[g - 1]);
    if (pick->groups < 2 || !names.count || pick->group->threads < 1)
        return 0;
    const int failed = panel_begin(
        &draft, table_with("strategy|threads>|million ops a second>|ns/op>|95% of ns>|ratio>|"
                           "95% of ratio>|blocks>"));
    if (failed)
        return failed;
    fprintf(draft.title, "%s", pick->group->load);
    print_map_origin(draft.title, dataset, pick->group);
    print_curves(&draft, pick, &names);
    print_counts(draft.script, pick);
    draft.panel.height_px += KEY_PX * (unsigned)(names.count / KEY_COLUMNS);
    return panel_end(&draft, out);
}

int panels_scaling(const struct dataset *dataset, struct panels *out)
{
    return panels_maps_each(dataset, map_verdict_groups, build_scaling, out);
}
