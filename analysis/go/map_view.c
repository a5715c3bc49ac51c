/* SPDX-License-Identifier: MIT
 * As text and as JSON. */
#include "analysis/go/map_view.h"

#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

void map_view_fini(struct map_view *view)
{
    for (size_t i = 0; i < view->maps; i++)
        free(view->map[i].site);
    free(view->map);
    free(view->process);
    *view = (struct map_view){0};
}

/* Wilson's interval of a proportion (JASA 22, 1927), of as many samples as they are worth. */
struct interval map_view_share(const struct map_view *view, uint64_t samples, uint64_t all)
{
    const double z = 1.96, n = (double)all / view->design_effect,
                 p = all ? (double)samples / (double)all : 0;
    if (all == 0)
        return INTERVAL_NONE;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n),
                 half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (struct interval){fmax(0, middle - half), p, fmin(1, middle + half), all};
}

static const char *type_of(const struct map_view_map *m)
{
    return m->kind == GO_MAP_SYNC ? "sync.Map" : m->type ? m->type : "map";
}

const char *map_view_title(const struct map_view_map *m, char *out, size_t size)
{
    const char *const name = m->name ? m->name : "", *const separator = m->name ? ", " : "";
    if (m->address)
        snprintf(out, size, "%s%s%s at %#" PRIx64, name, separator, type_of(m), m->address);
    else
        snprintf(out, size, "%ss of which the address was not known any more", type_of(m));
    return out;
}

/* Adds the share of all samples, with its interval. */
static json_t *with_share(const struct map_view *v, json_t *object, uint64_t samples, uint64_t all)
{
    const struct interval share = map_view_share(v, samples, all);
    return json_join(object, json_pack("{s:o, s:o, s:o, s:o}", "samples", json_count(samples),
                                 "share", json_number(share.mid), "share_low",
                                 json_number(share.low), "share_high", json_number(share.high)));
}

static json_t *site_json(const struct map_view *v, const struct map_view_site *s, uint64_t all)
{
    return with_share(v,
        json_pack("{s:s, s:o, s:o, s:o}", "operation", s->operation, "function",
            json_text(s->function), "file", json_text(s->file), "line", json_index(s->line, 0)),
        s->samples, all);
}

static json_t *sites_json(const struct map_view *v, const struct map_view_map *m, uint64_t all)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < m->sites; i++)
        if (json_array_append_new(list, site_json(v, &m->site[i], all)))
            break;
    return list;
}

static json_t *map_json(const struct map_view *v, const struct map_view_map *m)
{
    const struct map_view_process *const p = &v->process[m->process];
    return with_share(v,
        json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "pid", json_count(p->pid),
            "kind", m->kind == GO_MAP_SYNC ? "sync.Map" : "map", "address",
            json_address(m->address), "name", json_text(m->name), "type", json_text(m->type),
            "keys", m->read && m->has_length ? json_count(m->length) : json_null(), "buckets",
            json_index((int64_t)m->buckets, 0), "growing",
            m->read ? json_boolean(m->growing) : json_null(), "sites",
            sites_json(v, m, p->samples)),
        m->samples, p->samples);
}

static json_t *process_json(const struct map_view *v, const struct map_view_process *p)
{
    return with_share(v,
        json_pack("{s:o, s:s, s:s, s:o, s:o}", "pid", json_count(p->pid), "program", p->program,
            "go", p->go, "threads", json_count(p->threads), "all_samples", json_count(p->samples)),
        p->in_maps, p->samples);
}

int map_view_json(const struct map_view *v, FILE *out)
{
    json_t *const processes = json_array(), *const maps = json_array();
    for (size_t i = 0; i < v->processes; i++)
        (void)json_array_append_new(processes, process_json(v, &v->process[i]));
    for (size_t i = 0; i < v->maps; i++)
        (void)json_array_append_new(maps, map_json(v, &v->map[i]));
    if (json_array_size(processes) != v->processes || json_array_size(maps) != v->maps) {
        json_decref(processes);
        json_decref(maps);
        return -ENOMEM;
    }
    return json_print(json_pack("{s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "schema", 1, "command",
                          "watch --maps", "version", v->version, "host", json_text(v->host),
                          "kernel", json_text(v->kernel), "seconds", json_number(v->seconds),
                          "processes", processes, "maps", maps),
        out);
}
