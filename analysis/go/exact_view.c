/* SPDX-License-Identifier: MIT
 * As JSON. */
#include "analysis/go/exact_view.h"

#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

void exact_view_fini(struct exact_view *view)
{
    for (size_t i = 0; i < view->groups; i++) {
        free(view->group[i].site);
        free(view->group[i].key);
    }
    free(view->group);
    free(view->overlap);
    *view = (struct exact_view){0};
}

const char *exact_group_title(const struct exact_group *g, char *out, size_t size)
{
    const char *const type = g->type ? g->type : "map";
    if (g->function)
        snprintf(out, size, "%s", g->function);
    else if (g->address)
        snprintf(out, size, "%s at %#" PRIx64, type, g->address);
    else
        snprintf(out, size, "%s that is nil", type);
    return out;
}

static json_t *place_json(const struct exact_place *p)
{
    return json_pack("{s:o, s:o, s:o}", "function", json_text(p->function), "file",
        json_text(p->file), "line", json_index(p->line, 0));
}

static json_t *site_json(const struct exact_site *s, bool pairs)
{
    return json_join(place_json(&s->place),
        json_pack("{s:s, s:o, s:o, s:o, s:o}", "operation", s->operation, "called",
            json_text(s->callee), "calls", json_count(s->calls), "longer",
            pairs ? json_count(s->longer) : json_null(), "longest_ns",
            pairs && s->longer ? json_count(s->longest_ns) : json_null()));
}

static json_t *key_json(const struct exact_key *k)
{
    return json_pack("{s:o, s:o}", "key", json_text(k->text), "count", json_count(k->count));
}

static json_t *group_json(const struct exact_group *g, bool pairs)
{
    json_t *const sites = json_array(), *const keys = json_array();
    for (size_t i = 0; i < g->sites; i++)
        (void)json_array_append_new(sites, site_json(&g->site[i], pairs));
    for (size_t i = 0; i < g->keys; i++)
        (void)json_array_append_new(keys, key_json(&g->key[i]));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
        g->function ? "function" : "map", "function", json_text(g->function), "address",
        json_address(g->address), "type", json_text(g->type), "calls", json_count(g->calls),
        "sites", sites, "keys", keys);
}

static json_t *end_json(const struct exact_end *e)
{
    return json_join(place_json(&e->place), json_pack("{s:s}", "operation", e->operation));
}

static json_t *overlap_json(const struct exact_overlap *o)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "address", json_address(o->address),
        "type", json_text(o->type), "count", json_count(o->count), "first_s",
        json_number(o->first_s), "longest_ns", json_count(o->longest_ns), "inside",
        end_json(&o->first), "came", end_json(&o->second));
}

static json_t *lost_json(const struct exact_lost *l)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "calls", json_count(l->calls), "keys",
        json_count(l->keys), "unread_keys", json_count(l->unread_keys), "forgotten_keys",
        json_count(l->forgotten_keys), "overlaps", json_count(l->overlaps), "inside",
        json_count(l->inside));
}

static json_t *cost_json(const struct exact_view *v)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "probes",
        json_count(v->probes), "hits", json_count(v->hits), "steps", json_count(v->steps),
        "returns", json_count(v->returns), "hit_ns", json_number(v->hit_ns), "key_ns",
        json_number(v->key_ns), "step_ns", json_number(v->step_ns), "pair_ns",
        v->pair_ns > 0 ? json_number(v->pair_ns) : json_null(), "taken_s", json_number(v->taken_s),
        "threads_s", json_number(v->threads_s));
}

int exact_view_json(const struct exact_view *v, FILE *out)
{
    const bool pairs = v->least_ns > 0;
    json_t *const groups = json_array(), *const overlaps = json_array();
    for (size_t i = 0; i < v->groups; i++)
        (void)json_array_append_new(groups, group_json(&v->group[i], pairs));
    for (size_t i = 0; i < v->overlaps; i++)
        (void)json_array_append_new(overlaps, overlap_json(&v->overlap[i]));
    if (json_array_size(groups) != v->groups || json_array_size(overlaps) != v->overlaps) {
        json_decref(groups);
        json_decref(overlaps);
        return -ENOMEM;
    }
    return json_print(
        json_pack(
            "{s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}",
            "schema", 1, "command", "watch --exact", "version", v->version, "host",
            json_text(v->host), "kernel", json_text(v->kernel), "seconds", json_number(v->seconds),
            "attached_s", json_number(v->attached_s), "pid", json_count(v->pid), "program",
            v->program, "go", v->go, "what", v->what, "least_ns",
            pairs ? json_number(v->least_ns) : json_null(), "cost", cost_json(v), "groups", groups,
            "overlaps", overlaps, "lost", lost_json(&v->lost)),
        out);
}
