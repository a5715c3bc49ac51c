/* SPDX-License-Identifier: MIT
 * From what the tables have to a report with names. */
#include "cli/watch/watch_exact.h"

#include "base/grow.h"
#include "base/version.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the parts of a report are made of. */
struct maker {
    struct watch_session *session;
    struct exact_watch *exact;
    struct exact_view *view;
    uint64_t bias;
};

static const struct exact_function *function_of(const struct maker *m, uint64_t probe)
{
    return &m->exact->choice.function[probe];
}

static const char *operation_of(const struct exact_function *f)
{
    return f->of_map ? f->map.operation : "call";
}

static struct exact_place place_of(const struct maker *m, uint64_t site)
{
    struct dwarf_frame frame = {0};
    if (site)
        dwarf_frames(m->exact->dwarf, site - 1, &frame, 1);
    return (struct exact_place){frame.function, frame.file, frame.line};
}

static const char *type_of(const struct maker *m, uint64_t description)
{
    const struct dwarf_type *const type =
        description ? dwarf_go_type(m->exact->dwarf, description) : NULL;
    return type ? dwarf_type_name(m->exact->dwarf, type) : NULL;
}

/* One function of maps calls another: the call was counted already. */
static bool is_inner(const struct maker *m, const struct call_key *key)
{
    struct go_function caller;
    return function_of(m, key->probe)->of_map && key->site &&
           go_pclntab_function(
               go_binary_functions(m->exact->binary), key->site - 1 - m->bias, &caller) &&
           strncmp(caller.name, "runtime.map", strlen("runtime.map")) == 0;
}

/* That of the map, or of the function. NULL: out of memory. */
static struct exact_group *group_of(
    struct maker *m, const struct exact_function *f, const struct call_key *key)
{
    struct exact_view *const v = m->view;
    for (size_t i = 0; i < v->groups; i++) {
        struct exact_group *const g = &v->group[i];
        if (f->of_map ? !g->function && g->address == key->map : g->function == f->at.name)
            return g;
    }
    if (GROW(v->group, v->groups))
        return NULL;
    struct exact_group *const g = &v->group[v->groups++];
    *g = (struct exact_group){.address = key->map,
        .type = type_of(m, key->type),
        .function = f->of_map ? NULL : f->at.name};
    return g;
}

static int add_site(struct maker *m, const struct call_counted *row)
{
    const struct exact_function *const f = function_of(m, row->key.probe);
    if (is_inner(m, &row->key))
        return 0;
    struct exact_group *const g = group_of(m, f, &row->key);
    if (!g || GROW(g->site, g->sites))
        return -ENOMEM;
    g->site[g->sites++] = (struct exact_site){operation_of(f), f->at.name,
        place_of(m, row->key.site), row->count.calls, row->count.longer, row->count.longest_ns};
    g->calls += row->count.calls;
    return 0;
}

#define COMPARE_BY(name, type, member)                                                             \
    static int name(const void *a, const void *b)                                                  \
    {                                                                                              \
        const uint64_t x = ((const type *)a)->member, y = ((const type *)b)->member;               \
        return (x < y) - (x > y);                                                                  \
    }
COMPARE_BY(by_site, struct exact_site, calls)
COMPARE_BY(by_group, struct exact_group, calls)
COMPARE_BY(by_key, struct call_keyed, count)
COMPARE_BY(by_overlap, struct exact_overlap, count)
#undef COMPARE_BY

/* qsort wants an address also of no elements. */
static void sort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count)
        qsort(array, count, size, compare);
}

static int add_sites(struct maker *m)
{
    struct call_counted *row = NULL;
    size_t rows = 0;
    int code = call_probes_counts(m->exact->probes, &row, &rows);
    for (size_t i = 0; i < rows && !code; i++)
        code = add_site(m, &row[i]);
    free(row);
    for (size_t i = 0; i < m->view->groups; i++)
        sort(m->view->group[i].site, m->view->group[i].sites, sizeof(struct exact_site), by_site);
    sort(m->view->group, m->view->groups, sizeof *m->view->group, by_group);
    return code;
}

static void fill_key(const struct maker *m, const struct call_keyed *row, struct exact_key *out)
{
    const uint32_t most = row->key.kind == CALL_KEY_AT ? 16 : CALL_KEY_BYTES;
    const struct go_map_key key = {.bytes = (const uint8_t *)row->key.bytes,
        .size = row->key.length,
        .copied = row->key.length < most ? row->key.length : most,
        .is_text = row->key.kind == CALL_KEY_TEXT,
        .kind = go_map_key_kind(m->exact->binary, row->key.type - m->bias)};
    out->count = row->count;
    go_map_key_text(&key, out->text, sizeof out->text);
}

static int add_keys(struct maker *m)
{
    enum { KEYS_KEPT = 10, LEAST_PART = 1000 }; /* of a map's operations */
    struct call_keyed *row = NULL;
    size_t rows = 0;
    int code = call_probes_keys(m->exact->probes, &row, &rows);
    sort(row, rows, sizeof *row, by_key);
    for (size_t i = 0; i < m->view->groups && !code; i++) {
        struct exact_group *const g = &m->view->group[i];
        for (size_t k = 0; k < rows && g->keys < KEYS_KEPT && !code && !g->function; k++) {
            if (row[k].key.map != g->address || row[k].count * LEAST_PART < g->calls)
                continue;
            code = GROW(g->key, g->keys);
            if (!code)
                fill_key(m, &row[k], &g->key[g->keys++]);
        }
    }
    free(row);
    const uint64_t new = call_probes_stat(m->exact->probes, CALL_NEW_KEYS);
    m->view->lost.forgotten_keys = new > rows ? new - rows : 0;
    return code;
}

static struct exact_end end_of(const struct maker *m, uint64_t probe, uint64_t site)
{
    return (struct exact_end){operation_of(function_of(m, probe)), place_of(m, site)};
}

static int add_overlaps(struct maker *m)
{
    struct call_overlapped *row = NULL;
    struct exact_view *const v = m->view;
    size_t rows = 0;
    int code = call_probes_overlaps(m->exact->probes, &row, &rows);
    for (size_t i = 0; i < rows && !code; i++) {
        const struct call_overlap_key *const key = &row[i].key;
        const struct call_overlap *const o = &row[i].overlap;
        code = GROW(v->overlap, v->overlaps);
        if (!code)
            v->overlap[v->overlaps++] = (struct exact_overlap){.address = key->map,
                .count = o->count,
                .longest_ns = o->longest_ns,
                .type = type_of(m, key->type),
                .first_s = ((double)o->first_ns - (double)m->exact->began_ns) / 1e9,
                .first = end_of(m, key->first_probe, key->first_site),
                .second = end_of(m, key->second_probe, key->second_site)};
    }
    free(row);
    sort(v->overlap, v->overlaps, sizeof *v->overlap, by_overlap);
    return code;
}

double watch_exact_taken_s(const struct exact_watch *e)
{
    const double return_ns = e->toll.pair_ns > 0 ? e->toll.pair_ns - e->toll.hit_ns : 0;
    return ((double)call_probes_stat(e->probes, CALL_HITS) * e->toll.hit_ns +
               (double)call_probes_stat(e->probes, CALL_NEW_KEYS) *
                   (e->toll.key_ns - e->toll.hit_ns) +
               (double)call_probes_stat(e->probes, CALL_STEPS) *
                   (e->toll.step_ns - e->toll.hit_ns) +
               (double)call_probes_stat(e->probes, CALL_RETURNS) * return_ns) /
           1e9;
}

static void fill_head(struct maker *m)
{
    struct exact_view *const v = m->view;
    const struct exact_watch *const e = m->exact;
    *v = (struct exact_view){.seconds = watch_seconds(m->session),
        .attached_s = e->attached_s,
        .times = e->times,
        .pid = (uint64_t)m->session->watched.process[0].space.pid,
        .version = numaprobe_version,
        .program = m->session->watched.process[0].name,
        .go = go_binary_version(e->binary),
        .what = m->session->args.exact,
        .hit_ns = e->toll.hit_ns,
        .key_ns = e->toll.key_ns,
        .step_ns = e->toll.step_ns,
        .pair_ns = e->toll.pair_ns,
        .least_ns = e->least_ns,
        .hits = call_probes_stat(e->probes, CALL_HITS),
        .steps = call_probes_stat(e->probes, CALL_STEPS),
        .returns = call_probes_stat(e->probes, CALL_RETURNS),
        .probes = e->choice.points,
        .taken_s = watch_exact_taken_s(e),
        .threads_s = e->ran_s - e->began_ran_s};
    v->lost = (struct exact_lost){.calls = call_probes_stat(e->probes, CALL_LOST),
        .keys = call_probes_stat(e->probes, CALL_KEYS_LOST),
        .unread_keys = call_probes_stat(e->probes, CALL_KEYS_UNREAD),
        .overlaps = call_probes_stat(e->probes, CALL_OVERLAPS_LOST),
        .inside = call_probes_stat(e->probes, CALL_INSIDE_LOST)};
}

int watch_exact_view(struct watch_session *s, bool with_keys, struct exact_view *out)
{
    struct exact_watch *const e = s->exact;
    struct maker m = {s, e, out, e->module[0].base};
    if (!e->dwarf && !(e->dwarf = watch_dwarf(e->module, e->modules)))
        return -ENOMEM;
    fill_head(&m);
    int code = add_sites(&m);
    if (!code && with_keys)
        code = add_keys(&m);
    if (!code && s->args.overlaps)
        code = add_overlaps(&m);
    return code;
}
