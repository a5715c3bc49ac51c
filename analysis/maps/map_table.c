/* SPDX-License-Identifier: MIT
 * Groups of estimates, their order and their ratios. */
#include "analysis/maps/map_table.h"

#include "analysis/dataset/cell_compare.h"
#include "base/grow.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool map_entry_is_same(const struct map_entry *a, const struct map_entry *b)
{
    const struct estimate *const x = a->estimate, *const y = b->estimate;
    return x->align_bytes == y->align_bytes && strcmp(x->layout, y->layout) == 0 &&
           strcmp(x->twin, y->twin) == 0;
}

bool map_entry_is_map(const struct map_entry *entry)
{
    return strcmp(entry->estimate->layout, "none") != 0;
}

const char *map_entry_name(const struct map_entry *entry, char out[MAP_ENTRY_NAME])
{
    const struct estimate *const e = entry->estimate;
    out[0] = '\0';
    text_append(out, MAP_ENTRY_NAME, "%s", e->layout);
    if (e->align_bytes != SAMPLE_NONE)
        text_append(out, MAP_ENTRY_NAME, " %" PRId64 " B", e->align_bytes);
    if (*e->twin)
        text_append(out, MAP_ENTRY_NAME, " %s", e->twin);
    return out;
}

static bool is_of_load(const struct map_group *g, const struct estimate *e)
{
    return strcmp(g->run_id, e->run_id) == 0 && strcmp(g->host, e->host) == 0 &&
           strcmp(g->load, e->op) == 0 && strcmp(g->what, e->load) == 0;
}

static bool is_of_group(const struct map_group *g, const struct estimate *e)
{
    return is_of_load(g, e) && g->threads == e->threads && g->clients == e->clients &&
           g->client_threads == e->client_threads;
}

static struct map_group *find_group(const struct map_table *t, const struct estimate *e)
{
    size_t i = 0;
    while (i < t->groups && !is_of_group(&t->group[i], e))
        i++;
    return i < t->groups ? &t->group[i] : NULL;
}

/* Blocks of a regime under the group's load, with any number of threads. */
static size_t regime_blocks(
    const struct summary *summary, const struct map_group *g, int64_t regime)
{
    size_t blocks = 0;
    for (size_t i = 0; i < summary->count; i++) {
        const struct estimate *const e = &summary->estimate[i];
        if (strcmp(e->instrument, "maps") == 0 && is_of_load(g, e) && e->regime == regime)
            blocks += e->ns.n;
    }
    return blocks;
}

/* The one with the most blocks: all groups of a load have the same, so that they compare. */
static int64_t find_regime(const struct summary *summary, struct map_group *g)
{
    int64_t found = SAMPLE_NONE;
    size_t most = 0;
    for (size_t i = 0; i < summary->regimes; i++) {
        const struct regime *const r = &summary->regime[i];
        const size_t blocks = strcmp(r->run_id, g->run_id) == 0 && strcmp(r->host, g->host) == 0
                                  ? regime_blocks(summary, g, r->regime)
                                  : 0;
        if (blocks > most)
            g->canary_ns = r->canary_ns;
        found = blocks > most ? r->regime : found;
        most = blocks > most ? blocks : most;
    }
    return found;
}

static int add_group(struct map_table *t, const struct summary *summary, const struct estimate *e)
{
    if (GROW(t->group, t->groups))
        return -ENOMEM;
    struct map_group *const g = &t->group[t->groups++];
    *g = (struct map_group){.run_id = e->run_id,
        .host = e->host,
        .load = e->op,
        .what = e->load,
        .canary_ns = NAN,
        .threads = e->threads,
        .clients = e->clients,
        .client_threads = e->client_threads,
        .regime = SAMPLE_NONE,
        .runner_up = INTERVAL_NONE};
    g->regime = find_regime(summary, g);
    return 0;
}

static int add_entry(struct map_group *g, const struct estimate *e)
{
    if (e->regime != g->regime || e->ns.n == 0)
        return 0;
    if (GROW(g->entry, g->entries))
        return -ENOMEM;
    g->entry[g->entries++] = (struct map_entry){e, e->ratio};
    g->blocks = e->ns.n > g->blocks ? e->ns.n : g->blocks;
    g->twins = g->twins || *e->twin;
    return 0;
}

static int by_time(const void *a, const void *b)
{
    const struct map_entry *const x = a, *const y = b;
    const int maps = map_entry_is_map(y) - map_entry_is_map(x);
    return maps ? maps : compare_real(x->estimate->ns.mid, y->estimate->ns.mid);
}

static int by_name(const void *a, const void *b)
{
    const struct map_group *const x = a, *const y = b;
    const char *const texts[][2] = {{x->run_id, y->run_id}, {x->host, y->host}, {x->load, y->load}};
    const int order = compare_texts(texts, 3);
    const int64_t counts[][2] = {
        {x->threads, y->threads}, {x->client_threads, y->client_threads}, {x->clients, y->clients}};
    return order ? order : compare_ints(counts, sizeof counts / sizeof *counts);
}

static bool are_of_one_series(const struct map_group *a, const struct map_group *b)
{
    const char *const texts[][2] = {{a->run_id, b->run_id}, {a->host, b->host}, {a->load, b->load}};
    return compare_texts(texts, 3) == 0 && a->client_threads == b->client_threads &&
           (a->clients == SAMPLE_NONE) == (b->clients == SAMPLE_NONE) &&
           (a->clients == SAMPLE_NONE || a->threads == b->threads);
}

size_t map_table_series(const struct map_table *table, size_t first)
{
    size_t end = first + 1;
    while (end < table->groups && are_of_one_series(&table->group[first], &table->group[end]))
        end++;
    return end - first;
}

int64_t map_group_size(const struct map_group *group)
{
    return group->clients == SAMPLE_NONE ? group->threads : group->clients;
}

const char *map_group_units(const struct map_group *group)
{
    return group->clients == SAMPLE_NONE ? "threads"
           : group->client_threads == 1  ? "client threads"
                                         : "clients";
}

const char *map_group_name(const struct map_group *group, char out[MAP_GROUP_NAME])
{
    const int64_t size = map_group_size(group);
    const char *const units = map_group_units(group);
    snprintf(
        out, MAP_GROUP_NAME, "%" PRId64 " %.*s", size, (int)strlen(units) - (size == 1), units);
    return out;
}

const char *map_group_places(const struct map_group *group, char out[MAP_GROUP_NAME])
{
    snprintf(out, MAP_GROUP_NAME, "%" PRId64 " %s%s", group->threads,
        group->client_threads == 1 ? "cpu" : "thread", group->threads == 1 ? "" : "s");
    return out;
}

const char *map_size_text(double size, char out[MAP_GROUP_NAME])
{
    static const struct {
        double unit;
        const char *name;
    } units[] = {{1e6, "M"}, {1e3, "k"}, {1, ""}};
    size_t i = 0;
    while (units[i].unit > 1 && size < units[i].unit * 0.9995)
        i++;
    snprintf(out, MAP_GROUP_NAME, "%.3g%s", size / units[i].unit, units[i].name);
    return out;
}

double map_throughput(const struct map_group *group, double ns)
{
    return (double)group->threads * 1e3 / ns;
}

int map_entry_compare(
    const struct map_entry *value, const struct map_entry *reference, struct interval *out)
{
    const struct estimate *const a = value->estimate, *const b = reference->estimate;
    const size_t most = a->ns.n < b->ns.n ? a->ns.n : b->ns.n;
    double *const x = malloc((most + 1) * sizeof *x), *const y = malloc((most + 1) * sizeof *y);
    int32_t *const place = malloc((most + 1) * sizeof *place);
    int code = x && y && place ? 0 : -ENOMEM;
    size_t pairs = 0;
    for (size_t i = 0, k = 0; !code && i < a->ns.n && k < b->ns.n;) {
        const int order = compare_int(a->block[i], b->block[k]);
        if (order == 0) {
            place[pairs] = STATS_NO_PLACE;
            x[pairs] = a->block_ns[i];
            y[pairs++] = b->block_ns[k];
        }
        i += order <= 0;
        k += order >= 0;
    }
    if (!code)
        code = stats_ratio(x, y, place, pairs, out);
    free(x);
    free(y);
    free(place);
    return code;
}

const struct map_entry *map_group_find(
    const struct map_group *g, const char *strategy, int64_t align_bytes)
{
    for (size_t i = 0; i < g->entries; i++)
        if (strcmp(g->entry[i].estimate->layout, strategy) == 0 &&
            g->entry[i].estimate->align_bytes == align_bytes)
            return &g->entry[i];
    return NULL;
}

/* What the published text compares with, and where that was left out, one like it. */
static const struct map_entry *find_baseline(const struct map_group *g)
{
    static const char *const names[] = {"rwlock", "mutex", "brlock"};
    const struct map_entry *found = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++)
        found = map_group_find(g, names[i], SAMPLE_NONE);
    return found;
}

static int complete_group(struct map_group *g)
{
    int code = 0;
    if (!g->entries || g->twins)
        return 0;
    qsort(g->entry, g->entries, sizeof *g->entry, by_time);
    g->baseline = find_baseline(g);
    for (size_t i = 0; i < g->entries && g->baseline && !code; i++)
        if (&g->entry[i] != g->baseline)
            code = map_entry_compare(&g->entry[i], g->baseline, &g->entry[i].ratio);
    if (!code && g->entries > 1 && map_entry_is_map(&g->entry[1]))
        code = map_entry_compare(&g->entry[1], &g->entry[0], &g->runner_up);
    return code;
}

int map_table_build(const struct summary *summary, struct map_table *out)
{
    int code = 0;
    *out = (struct map_table){0};
    for (size_t i = 0; i < summary->count && !code; i++) {
        const struct estimate *const e = &summary->estimate[i];
        if (strcmp(e->instrument, "maps") != 0)
            continue;
        if (!find_group(out, e))
            code = add_group(out, summary, e);
        if (!code)
            code = add_entry(find_group(out, e), e);
    }
    if (out->groups > 1)
        qsort(out->group, out->groups, sizeof *out->group, by_name);
    for (size_t i = 0; i < out->groups && !code; i++)
        code = complete_group(&out->group[i]);
    return code;
}

void map_table_fini(struct map_table *table)
{
    for (size_t i = 0; i < table->groups; i++)
        free(table->group[i].entry);
    free(table->group);
    *table = (struct map_table){0};
}
