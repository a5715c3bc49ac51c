/* SPDX-License-Identifier: MIT
 * Panels "costs": the price list of costs, and what a load from each node's memory takes. */

#include "analysis/charts/panels.h"

#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/format.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_TEXT = 128, HEAD_PX = 160, PLACE_PX = 10, LINE_PX = 22 };

static bool is_memory(const struct estimate *f)
{
    return strcmp(f->instrument, "memory") == 0;
}

/* A regime of a few blocks next to a larger one is among the warnings and has no price list. */
static bool is_shown(const struct dataset *dataset, const struct estimate *f)
{
    const struct regime *const regime = summary_regime(&dataset->summary, f);
    return strcmp(f->layout, "line") == 0 && f->accepted > 0 && f->ns.n > 0 &&
           !(regime && regime_is_brief(dataset, regime));
}

static bool pick_price(const struct dataset *dataset, const struct estimate *f)
{
    return strcmp(f->instrument, "costs") == 0 && is_shown(dataset, f);
}

static bool pick_node(const struct dataset *dataset, const struct estimate *f)
{
    return is_memory(f) && is_shown(dataset, f);
}

/* By the loading cpu, then the node. */
static int order_memory(const struct estimate *a, const struct estimate *b)
{
    const int64_t cpus[][2] = {{a->cpu, b->cpu}};
    const int cpu = compare_ints(cpus, 1);
    return cpu ? cpu : strverscmp(a->home, b->home);
}

/* The index in the list `known`; any other text comes last. */
static size_t rank_text(const char *const *known, size_t count, const char *text)
{
    size_t i = 0;
    while (i < count && strcmp(known[i], text) != 0)
        i++;
    return i;
}

static int order_place(const struct estimate *a, const struct estimate *b)
{
    static const char *const states[] = {"modified", "exclusive", "shared", "invalid"};
    static const char *const distances[] = {
        "same cpu", "same core", "same L3", "same package", "other package"};
    if (is_memory(a) && is_memory(b))
        return order_memory(a, b);
    const int64_t state =
        (int64_t)rank_text(states, 4, a->state) - (int64_t)rank_text(states, 4, b->state);
    const int64_t distance = (int64_t)rank_text(distances, 5, a->distance) -
                             (int64_t)rank_text(distances, 5, b->distance);
    if (state || distance)
        return state ? (int)state : (int)distance;
    const int home = compare_text(a->home, b->home);
    return home ? home : compare_text(a->state, b->state);
}

static int order_rows(const struct estimate *a, const struct estimate *b)
{
    const int list = order_origin(a, b);
    const int op = list ? list : order_op(a, b);
    return op ? op : order_place(a, b);
}

/* The first place is at the top of the chart, where y is greatest. */
static int order_upwards(const struct estimate *a, const struct estimate *b)
{
    return order_place(b, a);
}

/* "in memory", "modified, here", "shared, same L3, remote memory", "cpu 0, node 2". */
static const char *place_text(const struct estimate *f, char *out)
{
    const bool invalid = strcmp(f->state, "invalid") == 0;
    const char *const owner = strcmp(f->distance, "same cpu") == 0 ? "here" : f->distance;
    if (is_memory(f)) {
        snprintf(out, PLACE_TEXT, "cpu %" PRId64 ", %.32s", f->cpu, *f->home ? f->home : "memory");
        return out;
    }
    snprintf(out, PLACE_TEXT, "%.32s", invalid ? "in memory" : f->state);
    if (!invalid)
        text_append(out, PLACE_TEXT, ", %.32s", owner);
    if (*f->home && strcmp(f->home, "local") != 0)
        text_append(out, PLACE_TEXT, ", %.32s%s", f->home, invalid ? "" : " memory");
    return out;
}

static void print_place(FILE *out, const struct estimate *f)
{
    char text[PLACE_TEXT];
    gnuplot_text(out, place_text(f, text));
}

/* The same with a line of the label for each part (`fold` of analysis/charts/style). */
static void print_label(FILE *out, const struct estimate *f)
{
    char text[PLACE_TEXT];
    const char *part = place_text(f, text);
    for (const char *end; (end = strstr(part, ", ")); part = end + strlen(", ")) {
        text[end - text] = '\0';
        gnuplot_text(out, part);
        fputs("'.fold.'", out);
    }
    gnuplot_text(out, part);
}

static unsigned count_parts(const struct estimate *f)
{
    char text[PLACE_TEXT];
    unsigned parts = 1;
    for (const char *at = place_text(f, text); (at = strchr(at, ',')); at++)
        parts++;
    return parts;
}

/* The table has a line for each place and pair of cpus, and a column for each op. */
static int order_line(const struct estimate *a, const struct estimate *b)
{
    const int64_t cpus[][2] = {{a->cpu, b->cpu}, {a->peer, b->peer}};
    const int place = order_place(a, b);
    return place ? place : compare_ints(cpus, 2);
}

static int order_lines(const void *a, const void *b)
{
    return order_line(*(const struct estimate *const *)a, *(const struct estimate *const *)b);
}

static void add_price(struct table *t, const struct estimate *f)
{
    char text[CELL_TEXT], range[CELL_TEXT];
    if (f && !isnan(f->ns.low))
        table_cell(
            t, PAINT_NONE, "%s (%s)", number_text(f->ns.mid, text), range_text(f->ns, range));
    else if (f)
        table_cell(t, PAINT_NONE, "%s", number_text(f->ns.mid, text));
    else
        table_cell(t, PAINT_NONE, NULL);
}

/* `line`: estimates of one line, `ops`: one estimate for each op. */
static void add_line(
    struct table *t, const struct panel_selection *line, const struct panel_selection *ops)
{
    const struct estimate *const f = line->estimate[0];
    char place[PLACE_TEXT];
    size_t least = f->ns.n;
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", place_text(f, place));
    for (size_t o = 0; o < ops->count; o++) {
        const struct estimate *here = NULL;
        for (size_t i = 0; i < line->count && !here; i++)
            if (order_op(line->estimate[i], ops->estimate[o]) == 0)
                here = line->estimate[i];
        add_price(t, here);
        least = here && here->ns.n < least ? here->ns.n : least;
    }
    table_cell(t, PAINT_NONE, "%s", f->home);
    cell_int(t, f->cpu);
    cell_int(t, f->peer);
    table_cell(t, PAINT_NONE, "%zu", least);
}

static void add_lines(
    struct table *t, const struct panel_selection *pick, const struct estimate **room)
{
    struct panel_selection ops = {room, 0}, lines = {room + pick->count, pick->count};
    for (size_t i = 0; i < pick->count; i++) {
        if (i == 0 || order_op(pick->estimate[i - 1], pick->estimate[i])) {
            char name[CELL_TEXT];
            snprintf(name, sizeof name, "%s, ns", pick->estimate[i]->op);
            table_column(t, name, TABLE_RIGHT);
            ops.estimate[ops.count++] = pick->estimate[i];
        }
        lines.estimate[i] = pick->estimate[i];
    }
    table_column(t, "home", TABLE_LEFT);
    table_column(t, "cpu", TABLE_RIGHT);
    table_column(t, "owner's cpu", TABLE_RIGHT);
    table_column(t, "least blocks", TABLE_RIGHT);
    qsort(lines.estimate, lines.count, sizeof *lines.estimate, order_lines);
    for (size_t from = 0, to; from < lines.count; from = to) {
        to = panel_selection_end(&lines, from, order_line);
        add_line(t, &(struct panel_selection){lines.estimate + from, to - from}, &ops);
    }
}

static struct table *list_prices(const struct panel_selection *pick)
{
    const struct estimate **const room = calloc(2 * pick->count, sizeof *room);
    struct table *const t = room ? table_with("line") : NULL;
    if (room)
        add_lines(t, pick, room);
    free(room);
    return t;
}

static void print_prices(struct panel_draft *d, const struct panel_selection *pick)
{
    const size_t places = panel_places(pick, order_place);
    double least = INFINITY, most = 0;
    unsigned lines = 1;
    fputs("$data << EOD\n", d->script);
    for (size_t i = 0; i < pick->count; i++) {
        const struct estimate *const f = pick->estimate[i];
        char text[CELL_TEXT];
        const bool first = print_op_start(d, pick, i);
        fprintf(d->script, "%zu %g %g %g\n", panel_place(pick, f, order_upwards), f->ns.mid,
            f->ns.low, f->ns.high);
        lines = count_parts(f) > lines ? count_parts(f) : lines;
        least = f->ns.mid > 0 ? fmin(least, f->ns.mid) : least;
        most = fmax(most, fmax(f->ns.mid, f->ns.high));
        fputs(first ? " " : "; ", d->about);
        print_place(d->about, f);
        fprintf(d->about, " %s ns", number_text(f->ns.mid, text));
    }
    fprintf(d->script, "EOD\nplaces = %zu\nleast = %g\nmost = %g\n", places, least, most);
    print_tics(d->script, 'y', pick, order_upwards, print_label);
    fputc('.', d->about);
    d->panel.height_px = HEAD_PX + (PLACE_PX + LINE_PX * lines) * (unsigned)places;
}

static void print_extreme(FILE *out, const char *before, const struct estimate *f)
{
    char place[PLACE_TEXT], text[CELL_TEXT];
    fprintf(
        out, "%s: %s, %s, %s.", before, f->op, place_text(f, place), interval_text(f->ns, text));
}

static void print_brief(FILE *out, const struct panel_selection *pick)
{
    const struct estimate *least = pick->estimate[0], *most = least;
    for (size_t i = 1; i < pick->count; i++) {
        const struct estimate *const f = pick->estimate[i];
        least = f->ns.mid < least->ns.mid ? f : least;
        most = f->ns.mid > most->ns.mid ? f : most;
    }
    print_extreme(out, is_memory(least) ? "Least" : "Cheapest", least);
    print_extreme(out, is_memory(most) ? " Most" : " Dearest", most);
}

static int build_costs(
    const struct dataset *dataset, const struct panel_selection *all, struct panels *out)
{
    struct panel_draft draft;
    const struct panel_selection shown = panel_selection_shown(all), *const pick = &shown;
    const int failed = panel_begin(&draft, list_prices(pick));
    if (failed)
        return failed;
    const struct regime *const regime = summary_regime(&dataset->summary, pick->estimate[0]);
    fputs(is_memory(pick->estimate[0]) ? "load from memory" : "price of one op", draft.title);
    print_source(draft.title, dataset, pick->estimate[0]);
    if (regime && !isnan(regime->canary_ns))
        fprintf(draft.title, "; canary %.0f ns", regime->canary_ns);
    print_brief(draft.brief, pick);
    print_prices(&draft, pick);
    print_left_out(draft.note, all);
    return panel_end(&draft, out);
}

int panels_costs(const struct dataset *dataset, struct panels *out)
{
    static const struct panel_kind kind = {pick_price, order_rows, order_origin, build_costs};
    return panels_each(dataset, &kind, out);
}

int panels_nodes(const struct dataset *dataset, struct panels *out)
{
    static const struct panel_kind kind = {pick_node, order_rows, order_origin, build_costs};
    return panels_each(dataset, &kind, out);
}
