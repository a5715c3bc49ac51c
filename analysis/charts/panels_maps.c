/* SPDX-License-Identifier: MIT
 * Panels "maps": each strategy under each load of a run, by its time against the baseline. */
#include "analysis/charts/panels.h"

#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panel_maps.h"
#include "analysis/charts/panel_select.h"
#include "analysis/format/format.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOADS_MAX = 32 };
/* A cell takes the widest ratio; the margins take the names and the scale. */
enum { CELL_PX = 60, SIDES_PX = 320, LEAST_PX = 440, ROW_PX = 27, HEAD_PX = 150 };

/* A row is a strategy, a column a load. */
struct grid {
    const struct map_group *load[LOADS_MAX];
    size_t loads, loads_left_out;
    struct map_names names;
    double ratio[MAP_NAMES_MAX][LOADS_MAX]; /* NaN: not measured */
    size_t order[MAP_NAMES_MAX];            /* of the names: the fastest first */
    bool to_fastest;                        /* a load has no baseline */
};

/* Of each load the last group: that with the most threads and clients. */
static void list_loads(const struct map_selection *pick, struct grid *grid)
{
    for (size_t i = 0; i < pick->groups; i++) {
        const struct map_group *const g = &pick->group[i];
        if (i + 1 < pick->groups && strcmp(g->load, g[1].load) == 0)
            continue;
        if (grid->loads == LOADS_MAX) {
            grid->loads_left_out++;
            continue;
        }
        grid->load[grid->loads++] = g;
        map_names_add(&grid->names, g);
    }
}

/* The time against that of the baseline, where there is none against that of the fastest. */
static int compare_entry(const struct map_group *g, const struct map_entry *entry, double *ratio)
{
    const struct map_entry *const to = g->baseline || g->twins ? g->baseline : &g->entry[0];
    struct interval found = entry->ratio;
    const int code = !g->baseline && to && entry != to ? map_entry_compare(entry, to, &found) : 0;
    *ratio = entry == to ? 1 : found.mid > 0 ? found.mid : NAN;
    return code;
}

static int fill_grid(struct grid *grid)
{
    int code = 0;
    for (size_t l = 0; l < grid->loads; l++) {
        const struct map_group *const g = grid->load[l];
        grid->to_fastest |= !g->baseline && !g->twins;
        for (size_t s = 0; s < grid->names.count && !code; s++) {
            const struct map_entry *const entry = map_names_find(g, grid->names.entry[s]);
            grid->ratio[s][l] = NAN;
            if (entry)
                code = compare_entry(g, entry, &grid->ratio[s][l]);
        }
    }
    return code;
}

/* The middle of its ratios, all loads counting alike. */
static double mean_ratio(const struct grid *grid, size_t name)
{
    double sum = 0;
    size_t count = 0;
    for (size_t l = 0; l < grid->loads; l++)
        if (!isnan(grid->ratio[name][l])) {
            sum += log(grid->ratio[name][l]);
            count++;
        }
    return count ? sum / (double)count : INFINITY;
}

static void order_names(struct grid *grid)
{
    for (size_t i = 0; i < grid->names.count; i++) {
        const double mean = mean_ratio(grid, i);
        size_t at = i;
        for (; at > 0 && mean_ratio(grid, grid->order[at - 1]) > mean; at--)
            grid->order[at] = grid->order[at - 1];
        grid->order[at] = i;
    }
}

/* In a terminal a cell has five columns: ".05", "1.2", "12", "160", "34k". */
static void print_short(FILE *out, double ratio)
{
    if (ratio < 0.995)
        fprintf(out, ".%02.0f", ratio * 100);
    else if (ratio < 9.95)
        fprintf(out, "%.1f", ratio);
    else if (ratio < 999.5)
        fprintf(out, "%.0f", ratio);
    else if (ratio < 999.5e3)
        fprintf(out, "%.0fk", ratio / 1e3);
    else
        fputs(">999k", out);
}

/* A cell takes six characters: "0.05×", "9999×", "34k×". */
static void print_label(FILE *out, double ratio)
{
    static const double DIGITS_FIT = 9999.5;
    char text[CELL_TEXT];
    if (ratio < DIGITS_FIT) {
        fputs(ratio_text(ratio, text), out);
        return;
    }
    print_short(out, ratio);
    fputs("×", out);
}

static void print_cells(FILE *script, const struct grid *grid)
{
    fputs("$data << EOD\n", script);
    for (size_t row = 0; row < grid->names.count; row++)
        for (size_t l = 0; l < grid->loads; l++) {
            const double ratio = grid->ratio[grid->order[row]][l];
            if (isnan(ratio))
                continue;
            fprintf(script, "%zu %zu %g \"", l, row, ratio);
            print_label(script, ratio);
            fputs("\" \"", script);
            print_short(script, ratio);
            fputs("\"\n", script);
        }
    fprintf(script, "EOD\ncolumns = %zu\nrows = %zu\n", grid->loads, grid->names.count);
}

static void print_names(FILE *script, const struct grid *grid)
{
    fputs("set ytics (", script);
    for (size_t row = 0; row < grid->names.count; row++) {
        fputs(row ? ", '" : "'", script);
        print_map_name(script, grid->names.entry[grid->order[row]]);
        fprintf(script, "' %zu", row);
    }
    fputs(")\nset xtics (", script);
    for (size_t l = 0; l < grid->loads; l++) {
        fprintf(script, "%sstagger(%zu).'", l ? ", " : "", l);
        gnuplot_text(script, grid->load[l]->load);
        fprintf(script, "' %zu", l);
    }
    fputs(")\n", script);
}

static void add_row(struct table *t, const struct map_group *g, const struct map_entry *entry)
{
    const struct estimate *const e = entry->estimate;
    char name[MAP_ENTRY_NAME];
    TABLE_ROW(t, g->load, map_entry_name(entry, name));
    cell_number(t, e->ns.mid);
    cell_ratio(t, entry->ratio);
    cell_range(t, e->ns);
    cell_ratio_range(t, entry->ratio);
    table_cell(t, PAINT_NONE, "%zu", e->ns.n);
    cell_number(t, e->p50_ns);
    cell_number(t, e->p99_ns);
    cell_number(t, e->map.p999_ns);
    cell_kib(t, map_entry_is_map(entry) ? e->map.full_bytes : NAN);
    cell_kib(t, map_entry_is_map(entry) ? e->map.emptied_bytes : NAN);
    cell_number(t, e->map.allocations);
    cell_number(t, e->map.iterate_ns / 1e3);
    cell_number(t, e->map.promotions);
    cell_number(t, e->fairness);
    table_cell(t, PAINT_NONE, "%zu", e->rejected);
}

static struct table *list_entries(const struct grid *grid)
{
    struct table *const t = table_with(
        "load|strategy|ns/op>|ratio>|95% of ns>|95% of ratio>|blocks>|p50 ns>|p99 ns>|p99.9 ns>|"
        "KiB full>|KiB emptied>|allocations a write>|iteration us>|promotions>|fairness>|"
        "rejected>");
    for (size_t l = 0; l < grid->loads; l++)
        for (size_t i = 0; i < grid->load[l]->entries; i++)
            add_row(t, grid->load[l], &grid->load[l]->entry[i]);
    return t;
}

static void print_about(FILE *about, const struct grid *grid)
{
    char name[MAP_ENTRY_NAME], text[CELL_TEXT];
    for (size_t l = 0; l < grid->loads; l++) {
        fprintf(about, "%s%s:", l ? " " : "", grid->load[l]->load);
        const char *before = " ";
        for (size_t row = 0; row < grid->names.count; row++) {
            const size_t s = grid->order[row];
            if (isnan(grid->ratio[s][l]))
                continue;
            fprintf(about, "%s%s %s", before, map_entry_name(grid->names.entry[s], name),
                ratio_text(grid->ratio[s][l], text));
            before = ", ";
        }
        fputc('.', about);
    }
}

static void print_note(FILE *note, const struct grid *grid)
{
    char name[MAP_ENTRY_NAME];
    const struct map_group *const g = grid->load[0];
    if (g->twins)
        fputs("A self-test: each strategy against itself, b to a, has to be 1. ", note);
    else if (g->baseline && !grid->to_fastest)
        fprintf(note, "1 is %s. ", map_entry_name(g->baseline, name));
    else
        fputs("Where no lock around the whole map was measured, 1 is the fastest of the load. ",
            note);
    if (grid->loads_left_out || grid->names.left_out)
        fprintf(note, "The CSV has %zu more loads and %zu more strategies. ", grid->loads_left_out,
            grid->names.left_out);
}

static void size_grid(struct panel *panel, const struct grid *grid)
{
    const unsigned width = SIDES_PX + CELL_PX * (unsigned)grid->loads;
    panel->width_px = width > LEAST_PX ? width : LEAST_PX;
    panel->height_px = HEAD_PX + ROW_PX * (unsigned)grid->names.count;
}

static int add_panel(const struct dataset *dataset, const struct grid *grid, struct panels *out)
{
    struct panel_draft draft;
    const int failed = panel_begin(&draft, list_entries(grid));
    if (failed)
        return failed;
    fputs("time against the baseline, ", draft.title);
    print_map_size(draft.title, grid->load[0]);
    print_map_origin(draft.title, dataset, grid->load[0]);
    print_cells(draft.script, grid);
    print_names(draft.script, grid);
    print_about(draft.about, grid);
    print_note(draft.note, grid);
    size_grid(&draft.panel, grid);
    return panel_end(&draft, out);
}

static int build_maps(
    const struct dataset *dataset, const struct map_selection *pick, struct panels *out)
{
    struct grid *const grid = calloc(1, sizeof *grid);
    if (!grid)
        return -ENOMEM;
    list_loads(pick, grid);
    int code = fill_grid(grid);
    order_names(grid);
    if (!code && grid->names.count)
        code = add_panel(dataset, grid, out);
    free(grid);
    return code;
}

int panels_maps(const struct dataset *dataset, struct panels *out)
{
    return panels_maps_each(dataset, map_span_run, build_maps, out);
}
