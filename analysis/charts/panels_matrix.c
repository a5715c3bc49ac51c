/* SPDX-License-Identifier: MIT
 * Panels "matrix": the time between any two cpus. Large machines are drawn in tiles, each the
 * median of its pairs. */

#include "analysis/charts/panels.h"

#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/format.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More tiles would be too small to see at this width; nobody reads more rows; numbers fit
 * into cells of a dozen cpus; more names than that overlap. */
enum { TILES_MAX = 48, ROWS_MAX = 400, LABELS_MAX = 12, NAMES_MAX = 12 };
/* Up to TILES_FULL a map grows by TILE_PX a cpu; more share the space. */
enum { TILES_FULL = 8, TILE_PX = 44, MAP_MARGIN_PX = 168, MAP_SCALE_PX = 70 };

struct map {
    int64_t *cpu; /* ascending */
    size_t cpus, tile, tiles;
    double *ns; /* tiles x tiles; NaN: no pair */
    double least, most;
};

static bool pick_pair(const struct dataset *dataset, const struct estimate *f)
{
    (void)dataset;
    return strcmp(f->instrument, "matrix") == 0 && f->accepted > 0 && f->ns.n > 0 && f->cpu >= 0 &&
           f->peer >= 0;
}

static int order_map(const struct estimate *a, const struct estimate *b)
{
    const char *const text[][2] = {
        {a->op, b->op}, {a->home, b->home}, {a->host, b->host}, {a->run_id, b->run_id}};
    return compare_texts(text, sizeof text / sizeof *text);
}

static int order_pair(const struct estimate *a, const struct estimate *b)
{
    const int64_t cpus[][2] = {{a->cpu, b->cpu}, {a->peer, b->peer}};
    const int map = order_map(a, b);
    return map ? map : compare_ints(cpus, 2);
}

/* If a pair was measured in several regimes, or alone and with others, the map shows the one with
 * most blocks. */
static const struct estimate *pair_figure(
    const struct panel_selection *pick, size_t from, size_t to)
{
    const struct estimate *best = pick->estimate[from];
    for (size_t i = from + 1; i < to; i++)
        if (pick->estimate[i]->ns.n > best->ns.n)
            best = pick->estimate[i];
    return best;
}

static int list_cpus(const struct panel_selection *pick, struct map *map)
{
    map->cpu = malloc(2 * pick->count * sizeof *map->cpu);
    if (!map->cpu)
        return -ENOMEM;
    for (size_t i = 0; i < pick->count; i++) {
        map->cpu[2 * i] = pick->estimate[i]->cpu;
        map->cpu[2 * i + 1] = pick->estimate[i]->peer;
    }
    qsort(map->cpu, 2 * pick->count, sizeof *map->cpu, order_ints);
    for (size_t i = 0; i < 2 * pick->count; i++)
        if (map->cpus == 0 || map->cpu[i] != map->cpu[map->cpus - 1])
            map->cpu[map->cpus++] = map->cpu[i];
    map->tile = (map->cpus + TILES_MAX - 1) / TILES_MAX;
    map->tiles = (map->cpus + map->tile - 1) / map->tile;
    return 0;
}

static size_t tile_of(const struct map *map, int64_t cpu)
{
    const int64_t *const at = bsearch(&cpu, map->cpu, map->cpus, sizeof cpu, order_ints);
    return (size_t)(at - map->cpu) / map->tile;
}

struct entry {
    size_t tile;
    double ns;
};

static int by_tile(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->tile != y->tile ? compare_u64(x->tile, y->tile) : compare_double(x->ns, y->ns);
}

/* A pair is on both sides of the diagonal; if both directions were measured, each is on its
 * own. */
static size_t list_entries(
    const struct panel_selection *pick, const struct map *map, struct entry *entry)
{
    size_t entries = 0;
    for (size_t from = 0, to; from < pick->count; from = to) {
        to = panel_selection_end(pick, from, order_pair);
        const struct estimate *const f = pair_figure(pick, from, to);
        const size_t x = tile_of(map, f->cpu), y = tile_of(map, f->peer);
        entry[entries++] = (struct entry){y * map->tiles + x, f->ns.mid};
        entry[entries++] = (struct entry){x * map->tiles + y, f->ns.mid};
    }
    return entries;
}

static int fill_map(const struct panel_selection *pick, struct map *map)
{
    struct entry *const entry = malloc((2 * pick->count + 1) * sizeof *entry);
    map->ns = malloc(map->tiles * map->tiles * sizeof *map->ns);
    if (!entry || !map->ns) {
        free(entry);
        return -ENOMEM;
    }
    for (size_t i = 0; i < map->tiles * map->tiles; i++)
        map->ns[i] = NAN;
    const size_t entries = list_entries(pick, map, entry);
    qsort(entry, entries, sizeof *entry, by_tile);
    for (size_t from = 0, to; from < entries; from = to) {
        for (to = from; to < entries && entry[to].tile == entry[from].tile;)
            to++;
        const double ns = entry[from + (to - from) / 2].ns;
        map->ns[entry[from].tile] = ns;
        map->least = fmin(map->least, ns);
        map->most = fmax(map->most, ns);
    }
    free(entry);
    return 0;
}

static void print_map_tics(FILE *script, const struct map *map)
{
    const size_t step = (map->tiles + NAMES_MAX - 1) / NAMES_MAX;
    for (int axis = 0; axis < 2; axis++) {
        fprintf(script, "set %ctics (", axis ? 'y' : 'x');
        for (size_t i = 0; i < map->tiles; i += step)
            fprintf(script, "%s'%" PRId64 "' %zu", i ? ", " : "", map->cpu[i * map->tile], i);
        fputs(")\n", script);
    }
}

static void print_map(FILE *script, const struct map *map)
{
    fputs("$data << EOD\n", script);
    for (size_t y = 0; y < map->tiles; y++)
        for (size_t x = 0; x < map->tiles; x++) {
            char text[CELL_TEXT];
            const double ns = map->ns[y * map->tiles + x];
            if (!isnan(ns))
                fprintf(script, "%zu %zu %g \"%s\"\n", x, y, ns,
                    map->tiles <= LABELS_MAX ? number_text(ns, text) : "");
        }
    fprintf(script, "EOD\ncpus = %zu\nleast = %g\nmost = %g\n", map->tiles, map->least, map->most);
    print_map_tics(script, map);
}

static void add_row(struct table *t, const struct estimate *f)
{
    table_row(t);
    cell_int(t, f->cpu);
    cell_int(t, f->peer);
    table_cell(t, PAINT_NONE, "%s", f->distance);
    cell_number(t, f->ns.mid);
    cell_range(t, f->ns);
    table_cell(t, PAINT_NONE, "%zu", f->ns.n);
    cell_int(t, f->regime);
    cell_int(t, f->beside);
    table_cell(t, PAINT_NONE, "%zu", f->rejected);
}

static struct table *list_pairs(const struct panel_selection *pick)
{
    struct table *const t =
        table_with("cpu>|peer>|distance|ns>|95%>|blocks>|regime>|pairs at once>|rejected trials>");
    for (size_t i = 0; i < pick->count && i < ROWS_MAX; i++)
        add_row(t, pick->estimate[i]);
    return t;
}

static void print_note(FILE *note, const struct panel_selection *pick, const struct map *map)
{
    size_t pairs = 0;
    for (size_t from = 0; from < pick->count; pairs++)
        from = panel_selection_end(pick, from, order_pair);
    if (pairs < pick->count)
        fputs("Some pairs were measured in several regimes, or alone and beside others: the map "
              "shows "
              "the one with most blocks, the table all. ",
            note);
    if (map->tile > 1)
        fprintf(note, "Each tile is the median over %zu × %zu cpus. ", map->tile, map->tile);
    if (pick->count > ROWS_MAX)
        fprintf(
            note, "The table ends after %d of %zu rows; the CSV has all.", ROWS_MAX, pick->count);
}

static void print_pair(FILE *out, const char *before, const struct estimate *f)
{
    char text[CELL_TEXT];
    fprintf(out, "%s %" PRId64 " and %" PRId64 ", %s.", before, f->cpu, f->peer,
        interval_text(f->ns, text));
}

static void print_brief(FILE *out, const struct panel_selection *pick)
{
    size_t to = panel_selection_end(pick, 0, order_pair);
    const struct estimate *near = pair_figure(pick, 0, to), *far = near;
    for (size_t from = to; from < pick->count; from = to) {
        to = panel_selection_end(pick, from, order_pair);
        const struct estimate *const f = pair_figure(pick, from, to);
        near = f->ns.mid < near->ns.mid ? f : near;
        far = f->ns.mid > far->ns.mid ? f : far;
    }
    if (near == far) {
        print_pair(out, "Cpus", near);
        return;
    }
    print_pair(out, "Nearest: cpus", near);
    print_pair(out, " Farthest: cpus", far);
}

/* A map of two cpus is one number: it need not be as large as that of sixteen. */
static void size_map(struct panel *panel, const struct map *map)
{
    const unsigned side = (unsigned)(map->tiles < TILES_FULL ? map->tiles : TILES_FULL);
    panel->width_px = MAP_MARGIN_PX + TILE_PX * side;
    panel->height_px = MAP_MARGIN_PX + TILE_PX * side - MAP_SCALE_PX;
}

static int add_panel(const struct dataset *dataset, const struct panel_selection *pick,
    const struct map *map, struct panels *out)
{
    const struct estimate *const f = pick->estimate[0];
    struct panel_draft draft;
    const int failed = panel_begin(&draft, list_pairs(pick));
    if (failed)
        return failed;
    fprintf(draft.title, "%s", f->op);
    if (*f->home)
        fprintf(draft.title, ", memory %s %s", strcmp(f->home, "node") == 0 ? "on a" : "of the",
            f->home);
    print_source(draft.title, dataset, f);
    print_brief(draft.brief, pick);
    print_brief(draft.about, pick);
    print_note(draft.note, pick, map);
    print_map(draft.script, map);
    size_map(&draft.panel, map);
    return panel_end(&draft, out);
}

static int build_matrix(
    const struct dataset *dataset, const struct panel_selection *pick, struct panels *out)
{
    struct map map = {.least = INFINITY, .most = 0};
    int code = list_cpus(pick, &map);
    if (!code)
        code = fill_map(pick, &map);
    if (!code)
        code = add_panel(dataset, pick, &map, out);
    free(map.cpu);
    free(map.ns);
    return code;
}

/* As order_map, and the estimates of one pair one after the other. */
static int order_cells(const struct estimate *a, const struct estimate *b)
{
    const int pair = order_pair(a, b);
    return pair ? pair : compare_int(a->regime, b->regime);
}

int panels_matrix(const struct dataset *dataset, struct panels *out)
{
    static const struct panel_kind kind = {pick_pair, order_cells, order_map, build_matrix};
    return panels_each(dataset, &kind, out);
}
