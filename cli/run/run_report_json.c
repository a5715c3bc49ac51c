/* SPDX-License-Identifier: MIT
 * The report of a run as JSON: the same figures, unrounded. */
#include "cli/run/run_report.h"

#include "analysis/format/format_json.h"

static json_t *estimate_json(const struct estimate *f, const struct event_view *events)
{
    return json_pack(
        "{s:s, s:o, s:s, s:s, s:s, s:f, s:s, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}",
        "layout", f->layout, "align_bytes", json_index(f->align_bytes, SAMPLE_NONE), "op", f->op,
        "role", f->role, "mode", f->mode, "gap_ns", f->gap_ns, "twin", f->twin, "regime",
        json_index(f->regime, SAMPLE_NONE), "accepted", (json_int_t)f->accepted, "rejected",
        (json_int_t)f->rejected, "ns_per_op", json_interval(f->ns), "ratio",
        f->ratio.n ? json_interval(f->ratio) : json_null(), "lat_p50_ns", json_number(f->p50_ns),
        "lat_p99_ns", json_number(f->p99_ns), "fairness", json_number(f->fairness), "per_op",
        event_view_json(events, f));
}

static json_t *regime_json(const struct regime *r)
{
    return json_pack("{s:o, s:I, s:o, s:o}", "regime", json_index(r->regime, SAMPLE_NONE), "blocks",
        (json_int_t)r->blocks, "canary_ns", json_number(r->canary_ns), "width",
        json_number(r->width));
}

static json_t *verdict_json(const struct verdict *v)
{
    const struct estimate *f = v->first;
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:s}", "layout", f->layout, "op", f->op, "role",
        f->role, "regime", json_index(f->regime, SAMPLE_NONE), "kind", verdict_words[v->worst],
        "text", v->text);
}

static json_t *run_facts(const struct run_report *r)
{
    const struct sample *s = r->samples->count ? &r->samples->row[0] : NULL;
    if (!s)
        return json_object();
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:f, s:o, s:o, s:s, s:s}",
        "run_id", s->run_id, "started_at", s->started_at, "host", s->host, "cpu_model",
        s->cpu_model, "arch", s->arch, "kernel", s->kernel, "hypervisor", s->hypervisor, "version",
        s->version, "seed", (json_int_t)s->seed, "distance", s->distance, "canary_protocol",
        s->protocol, "seconds", r->seconds, "clock_overhead_ns", json_number(s->clock_overhead_ns),
        "clock_resolution_ns", json_number(s->clock_resolution_ns), "counters", s->counters,
        "counters_reason", s->counters_reason);
}

int run_report_json(const struct run_report *r, FILE *out)
{
    json_t *figures = json_array(), *verdicts = json_array(), *regimes = json_array();
    for (size_t i = 0; i < r->summary->count; i++)
        if (r->summary->estimate[i].accepted)
            json_array_append_new(figures, estimate_json(&r->summary->estimate[i], &r->events));
    for (size_t i = 0; i < r->verdicts; i++)
        if (r->verdict[i].first->accepted)
            json_array_append_new(verdicts, verdict_json(&r->verdict[i]));
    for (size_t i = 0; i < r->summary->regimes; i++)
        json_array_append_new(regimes, regime_json(&r->summary->regime[i]));
    json_t *root = json_pack("{s:i, s:s, s:o, s:f, s:b, s:b, s:o, s:o, s:o}", "schema",
        SAMPLE_SCHEMA, "command", "run", "run", run_facts(r), "precision", r->precision,
        "precision_reached", r->enough, "partial", r->interrupted != 0, "verdicts", verdicts,
        "figures", figures, "regimes", regimes);
    return json_print(root, out);
}
