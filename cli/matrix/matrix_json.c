/* SPDX-License-Identifier: MIT
 * A matrix as JSON. Pairs are written one by one: as one tree they would take a gigabyte. */
#include "analysis/format/format_json.h"
#include "base/sample.h"
#include "cli/matrix/matrix_report.h"

#include <errno.h>

static int print_value(FILE *out, const char *before, json_t *value)
{
    const int failed = !value || fputs(before, out) == EOF ||
                       json_dumpf(value, out, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(value);
    return failed ? -EIO : 0;
}

static json_t *run_facts(const struct matrix_report *report)
{
    const struct matrix_run *run = report->run;
    const struct provenance *o = matrix_origin(run->matrix);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:f, s:I, s:s, s:f, s:b, s:b, s:s?}",
        "run_id", o->id, "started_at", o->started_at, "host", o->system.host, "cpu_model",
        o->system.cpu_model, "arch", o->system.arch, "kernel", o->system.kernel, "hypervisor",
        o->system.hypervisor, "version", o->version, "seed", (json_int_t)o->seed, "seconds",
        matrix_elapsed_ns(run) / 1e9, "blocks", (json_int_t)run->blocks, "mem_verified",
        matrix_verified(run->matrix), "precision", run->args->common.precision, "precision_reached",
        run->precise, "partial", report->interrupted != 0, "limit", run->limit);
}

static json_t *regimes_json(const struct matrix *matrix)
{
    json_t *list = json_array();
    for (int r = 0; r < CANARY_REGIMES; r++) {
        const size_t blocks = matrix_regime_blocks(matrix, r);
        if (blocks > 0)
            json_array_append_new(
                list, json_pack("{s:i, s:I, s:o}", "regime", r, "blocks", (json_int_t)blocks,
                          "canary_ns", json_number(matrix_canary(matrix, r))));
    }
    return list;
}

static json_t *pair_json(const struct matrix_results *r, size_t index)
{
    const struct matrix_result *one = &r->result[index];
    const struct pair_estimate *f = &one->figure;
    const struct matrix_slot *slot = &r->plan->slot[one->slot];
    const struct matrix_series *series = &r->plan->series[index / r->pairs];
    const int node = matrix_plan_node(r->plan, slot, series);
    const char *const kind = r->plan->cpu[slot->first]->kind;
    const char *const peer_kind = r->plan->cpu[slot->second]->kind;
    return json_pack("{s:s, s:s, s:o, s:i, s:i, s:s, s:o, s:o, s:o, s:I, s:o, "
                     "s:I, s:I, s:I, s:I, s:s?, s:s?}",
        "protocol", series->protocol->name, "home", matrix_home_name[series->home], "mem_node",
        node < 0 ? json_null() : json_integer(node), "cpu", (int)r->plan->cpu[slot->first]->cpu,
        "peer", (int)r->plan->cpu[slot->second]->cpu, "distance", distance_name(slot->distance),
        "ns", json_interval(f->ns), "p10", json_number(f->p10), "p90", json_number(f->p90),
        "other_regimes", (json_int_t)f->others, "other_ns", json_number(f->other_ns), "other_n",
        (json_int_t)f->other_n, "strays", (json_int_t)f->strays, "accepted",
        (json_int_t)one->accepted, "rejected", (json_int_t)one->rejected, "kind", kind, "peer_kind",
        peer_kind);
}

static json_t *names_json(const char *const *name, size_t most)
{
    json_t *list = json_array();
    for (size_t i = 0; i < most && name[i]; i++)
        json_array_append_new(list, json_string(name[i]));
    return list;
}

static json_t *clusters_json(const struct matrix_report *report)
{
    const struct matrix_domains *d = report->domains;
    const struct cpuset *cpus = &report->run->plan->cpus;
    if (!d->looked)
        return json_null();
    json_t *levels = json_array();
    for (size_t i = 0; i < d->clusters.levels; i++) {
        const struct clusters_level *l = &d->clusters.level[i];
        json_t *groups = json_array();
        for (size_t g = 0; g < l->count; g++)
            json_array_append_new(groups, json_array());
        for (size_t c = 0; c < cpus->count; c++)
            json_array_append_new(json_array_get(groups, l->of[c]), json_integer(cpus->cpu[c]));
        json_array_append_new(
            levels, json_pack("{s:o, s:f, s:f, s:o}", "clusters", groups, "within_ns", l->within,
                        "between_ns", l->between, "hwloc", names_json(d->same[i], DOMAIN_KINDS)));
    }
    return levels;
}

static json_t *deviations_json(const struct matrix_report *report)
{
    json_t *list = json_array();
    for (enum distance d = 0; d < DISTANCE_COUNT; d++) {
        const struct matrix_deviation *v = &report->run->results.deviation[d];
        if (v->checks)
            json_array_append_new(
                list, json_pack("{s:s, s:I, s:o, s:o, s:b}", "distance", distance_name(d), "checks",
                          (json_int_t)v->checks, "median", json_number(v->median), "worst",
                          json_number(v->worst), "alone", report->run->plan->alone[d]));
    }
    return list;
}

int matrix_report_json(const struct matrix_report *report, FILE *out)
{
    const struct matrix_results *r = &report->run->results;
    json_t *doubts = json_array();
    for (size_t i = 0; i < report->domains->doubts; i++)
        json_array_append_new(doubts, json_string(report->domains->doubt[i]));
    int code = print_value(out, "{\"schema\": ", json_integer(SAMPLE_SCHEMA));
    code = code ? code : print_value(out, ",\n\"command\": ", json_string("matrix"));
    code = code ? code : print_value(out, ",\n\"run\": ", run_facts(report));
    code = code ? code : print_value(out, ",\n\"regimes\": ", regimes_json(report->run->matrix));
    code = code ? code : print_value(out, ",\n\"deviations\": ", deviations_json(report));
    code = code ? code : print_value(out, ",\n\"clusters\": ", clusters_json(report));
    code = code ? code : print_value(out, ",\n\"warnings\": ", json_incref(doubts));
    json_decref(doubts);
    for (size_t i = 0; !code && i < r->pairs * r->serieses; i++)
        code = print_value(out, i ? ",\n" : ",\n\"pairs\": [\n", pair_json(r, i));
    return code || fputs("\n]}\n", out) == EOF ? -EIO : 0;
}
