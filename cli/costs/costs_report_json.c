/* SPDX-License-Identifier: MIT
 * The report of a price list as JSON: the same figures, unrounded. */
#include "cli/costs/costs_report.h"

#include "analysis/format/format_json.h"
#include "cli/cmd.h"

/* A price of the plan, with its figure or the reason why there is none. */
static json_t *price_json(const struct costs_report *r, const struct price_point *p)
{
    const char *const distance = p->distance == DISTANCE_COUNT ? "" : distance_name(p->distance);
    const struct price_entry *const f = costs_price(r->costs, p);
    const bool has = f && f->ns.n > 0;
    const char *const cannot = costs_why_not(r->plan, p);
    const char *const why = *cannot ? cannot : has ? "" : f ? f->reason : "not reached";
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "op", p->op->name, "state",
        line_state_name[p->state], "distance", distance, "home", costs_home_name[p->home], "peer",
        json_index(has ? f->peer : SAMPLE_NONE, SAMPLE_NONE), "ns",
        has ? json_interval(f->ns) : json_null(), "reason", why);
}

static json_t *curve_json(const struct hold_curve *c)
{
    return json_pack("{s:I, s:f, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "threads",
        (json_int_t)c->key.threads, "gap_ns", c->key.gap_ns, "distance", c->key.distance,
        "contended_ns", json_interval(c->contended), "alone_ns", json_interval(c->alone),
        "price_ns", json_interval(c->price), "hold_ns", json_interval(c->hold_ns), "ops_a_hold",
        json_interval(c->ops_a_hold), "reason", c->contended.n ? "" : c->reason, "op", c->key.op);
}

static json_t *origin_json(const struct costs_report *r)
{
    const struct sample *const s = r->samples->count ? &r->samples->row[0] : NULL;
    if (!s)
        return json_object();
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:f, s:o, s:o}", "run_id",
        s->run_id, "started_at", s->started_at, "host", s->host, "cpu_model", s->cpu_model, "arch",
        s->arch, "kernel", s->kernel, "hypervisor", s->hypervisor, "version", s->version, "seed",
        (json_int_t)s->seed, "canary_protocol", s->protocol, "seconds", r->seconds,
        "clock_overhead_ns", json_number(s->clock_overhead_ns), "clock_resolution_ns",
        json_number(s->clock_resolution_ns));
}

int costs_report_json(const struct costs_report *r, FILE *out)
{
    json_t *prices = json_array(), *curve = json_array();
    for (size_t i = 0; i < r->plan->prices; i++)
        json_array_append_new(prices, price_json(r, &r->plan->price[i]));
    for (size_t i = 0; i < r->costs->curves; i++)
        json_array_append_new(curve, curve_json(&r->costs->curve[i]));
    json_t *root = json_pack("{s:i, s:s, s:o, s:f, s:b, s:b, s:I, s:o, s:I, s:o, s:o}", "schema",
        SAMPLE_SCHEMA, "command", "costs", "run", origin_json(r), "precision", r->precision,
        "precision_reached", r->precise, "partial", r->interrupted != 0, "blocks",
        (json_int_t)r->costs->blocks, "canary_ns", json_number(r->costs->canary_ns), "cpu",
        (json_int_t)r->plan->cpus.cpu[0], "prices", prices, "hold", curve);
    return json_print(root, out);
}
