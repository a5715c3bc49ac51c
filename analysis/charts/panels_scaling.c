/* SPDX-License-Identifier: MIT
 * Panels "scaling": what all threads together do under one load, by how many threads there are, or
 * clients that they serve. */
#include "analysis/charts/panels.h"

#include "analysis/charts/panel_maps.h"
#include "analysis/charts/panel_select.h"
#include "analysis/format/format.h"
#include "analysis/maps/map_count.h"
#include "analysis/maps/map_scaling.h"

#include <inttypes.h>
#include <math.h>

/* A line of the key has two strategies; more names of sizes than these overlap. */
enum { KEY_COLUMNS = 2, KEY_PX = 18, NAMES_MAX = 9 };

/* A panel that is being written. */
struct curves {
    struct panel_draft *draft;
    const struct map_selection *pick;
    const char *unit; /* "threads" */
    double least, most;
};

static void add_row(
    struct table *t, const struct map_group *g, const struct map_entry *entry, const char *bend)
{
    const struct estimate *const e = entry->estimate;
    char name[MAP_ENTRY_NAME];
    TABLE_ROW(t, map_entry_name(entry, name));
    cell_int(t, map_group_size(g));
    cell_number(t, map_throughput(g, e->ns.mid));
    cell_number(t, e->ns.mid);
    cell_range(t, e->ns);
    cell_ratio(t, entry->ratio);
    cell_ratio_range(t, entry->ratio);
    table_cell(t, PAINT_NONE, "%zu", e->ns.n);
    table_cell(t, PAINT_NONE, "%s", bend);
}

static void print_point(struct curves *c, const struct map_group *g, const struct map_entry *entry)
{
    const struct interval ns = entry->estimate->ns;
    const double all = map_throughput(g, ns.mid);
    char text[CELL_TEXT], name[MAP_GROUP_NAME];
    fprintf(c->draft->script, "%" PRId64 " %g %g %g\n", map_group_size(g), all,
        map_throughput(g, ns.high), map_throughput(g, ns.low));
    fprintf(c->draft->about, " %s with %s,", number_text(all, text), map_group_name(g, name));
    c->least = fmin(c->least, all);
    c->most = fmax(c->most, all);
}

static void print_curve(struct curves *c, const struct map_entry *strategy)
{
    const struct map_selection *const pick = c->pick;
    const struct estimate *const e = strategy->estimate;
    char name[MAP_ENTRY_NAME], bend[MAP_SCALING_TEXT] = "";
    print_word(c->draft->script, map_entry_name(strategy, name));
    fputc('\n', c->draft->script);
    fprintf(c->draft->about, "%s:", name);
    if (!pick->group->twins)
        map_scaling_text(pick->group, pick->groups, e->layout, e->align_bytes, bend);
    for (size_t i = 0; i < pick->groups; i++) {
        const struct map_entry *const entry = map_names_find(&pick->group[i], strategy);
        if (!entry)
            continue;
        print_point(c, &pick->group[i], entry);
        add_row(c->draft->panel.table, &pick->group[i], entry, bend);
    }
}

static void print_curves(struct curves *c, const struct map_names *names)
{
    FILE *const script = c->draft->script;
    fputs("$data << EOD\n", script);
    for (size_t i = 0; i < names->count; i++) {
        fputs(i ? "\n\n" : "", script);
        print_curve(c, names->entry[i]);
        fputc(' ', c->draft->about);
    }
    fputs("in million ops a second.", c->draft->about);
    fprintf(script, "EOD\nunit = '%s'\nlog = %d\nleast = %g\nmost = %g\n", c->unit,
        wants_log(c->least, c->most), c->least, c->most);
}

static void print_sizes(FILE *script, const struct map_selection *pick)
{
    const size_t step = (pick->groups + NAMES_MAX - 1) / NAMES_MAX;
    char text[MAP_GROUP_NAME];
    fputs("set xtics (", script);
    for (size_t i = 0; i < pick->groups; i += step) {
        const int64_t size = map_group_size(&pick->group[i]);
        fprintf(script, "%s'%s' %" PRId64, i ? ", " : "", map_size_text((double)size, text), size);
    }
    fprintf(script, ")\nfew = %" PRId64 "\nmany = %" PRId64 "\n", map_group_size(pick->group),
        map_group_size(&pick->group[pick->groups - 1]));
}

static struct table *new_table(const char *unit)
{
    struct table *const t = table_with("strategy");
    static const char *const more[] = {
        "million ops a second", "ns/op", "95% of ns", "ratio", "95% of ratio", "blocks"};
    table_column(t, unit, TABLE_RIGHT);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        table_column(t, more[i], TABLE_RIGHT);
    table_column(t, "bends at", TABLE_LEFT);
    return t;
}

/* Why a reader lock does not scale, where the CSV has what its count costs. */
static void print_count(FILE *note, const struct dataset *dataset, const struct map_selection *pick)
{
    char text[MAP_COUNT_TEXT];
    map_count_text(&dataset->summary, &pick->group[pick->groups - 1], text);
    if (*text)
        fprintf(note, "%s. ", text);
}

static int add_panel(const struct dataset *dataset, const struct map_selection *pick,
    const struct map_names *names, struct panels *out)
{
    const struct map_group *const first = pick->group;
    const char *const unit = map_group_units(first);
    char places[MAP_GROUP_NAME];
    struct panel_draft draft;
    struct curves curves = {&draft, pick, unit, INFINITY, 0};
    const int failed = panel_begin(&draft, new_table(unit));
    if (failed)
        return failed;
    fprintf(draft.title, "%s", first->load);
    if (first->clients != SAMPLE_NONE)
        fprintf(draft.title, ", %s", map_group_places(first, places));
    print_map_origin(draft.title, dataset, first);
    print_curves(&curves, names);
    print_sizes(draft.script, pick);
    print_count(draft.note, dataset, pick);
    if (names->left_out)
        fprintf(draft.note, "The CSV has %zu more strategies.", names->left_out);
    draft.panel.height_px += KEY_PX * (unsigned)(names->count / KEY_COLUMNS);
    return panel_end(&draft, out);
}

static int build_scaling(
    const struct dataset *dataset, const struct map_selection *pick, struct panels *out)
{
    struct map_names names = {.count = 0};
    for (size_t i = pick->groups; i > 0; i--)
        map_names_add(&names, &pick->group[i - 1]);
    if (pick->groups < 2 || !names.count || map_group_size(pick->group) < 1)
        return 0;
    return add_panel(dataset, pick, &names, out);
}

int panels_scaling(const struct dataset *dataset, struct panels *out)
{
    return panels_maps_each(dataset, map_table_series, build_scaling, out);
}
