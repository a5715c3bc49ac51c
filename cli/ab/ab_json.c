/* SPDX-License-Identifier: MIT
 * The report as JSON: the same values, unrounded. */
#include "analysis/format/format_json.h"
#include "cli/ab/ab_report.h"

static json_t *interval_or_null(struct interval interval)
{
    return interval.n ? json_interval(interval) : json_null();
}

static json_t *ratios_json(const struct ab_estimate *e)
{
    json_t *const object = json_object();
    for (int i = 0; i < AB_EVENT; i++)
        json_object_set_new(object, ab_measure_name(i), interval_or_null(e->ratio[i]));
    return object;
}

static json_t *events_json(const struct ab_estimate *e)
{
    json_t *const list = json_array();
    for (int i = AB_EVENT; i < AB_MEASURES; i++)
        if (e->value[i].n)
            json_array_append_new(
                list, json_pack("{s:s, s:o, s:o}", "event", ab_measure_name(i), "count",
                          json_interval(e->value[i]), "ratio", interval_or_null(e->ratio[i])));
    return list;
}

static json_t *program_json(const struct ab_result *r, unsigned slot)
{
    const struct ab_estimate *const e = &r->summary.of[slot];
    const unsigned programs = r->summary.programs;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "program",
        ab_slot_name(slot, programs), "command",
        json_text(r->session->command[slot < programs ? slot : 0]), "wall_s",
        interval_or_null(e->value[AB_WALL]), "cpu_s", interval_or_null(e->value[AB_CPU]),
        "memory_bytes", interval_or_null(e->value[AB_MEMORY]), "switches",
        interval_or_null(e->value[AB_SWITCHES]), "metric", interval_or_null(e->value[AB_METRIC]),
        "events", events_json(e), "ratio", slot ? ratios_json(e) : json_null());
}

static json_t *verdict_json(const struct ab_result *r, unsigned slot)
{
    char text[AB_VERDICT_TEXT];
    ab_result_verdict(r, slot, text);
    return json_pack("{s:s, s:s, s:s}", "program", ab_slot_name(slot, r->summary.programs), "kind",
        verdict_words[r->verdicts.kind[slot]], "text", text);
}

static json_t *session_json(const struct ab_result *r, size_t i)
{
    const struct ab_session *const s = &r->session[i];
    const struct ab_summary *const of = &r->each[i];
    json_t *const ratios = json_array();
    for (unsigned slot = 1; slot <= of->programs; slot++)
        json_array_append_new(
            ratios, json_pack("{s:s, s:o}", "program", ab_slot_name(slot, of->programs), "ratio",
                        json_interval(of->of[slot].ratio[r->rule.judged])));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:o}",
        "session", json_text(s->id), "started_at", json_text(s->started_at), "host",
        json_text(s->host), "cpu_model", json_text(s->cpu_model), "kernel", json_text(s->kernel),
        "version", json_text(s->version), "cpus", json_text(s->cpus), "counters",
        json_text(s->counters), "seed", json_count(s->seed), "blocks", (json_int_t)of->blocks,
        "rejected", (json_int_t)of->rejected, "other_regimes", (json_int_t)of->other_regimes,
        "canary_ns", json_number(of->canary_ns), "ratios", ratios);
}

int ab_report_json(const struct ab_report *report, FILE *out)
{
    const struct ab_result *const r = report->result;
    json_t *const sessions = json_array(), *const programs = json_array(),
                  *const verdicts = json_array();
    for (size_t i = 0; i < r->sessions; i++)
        json_array_append_new(sessions, session_json(r, i));
    for (unsigned slot = 0; slot <= r->summary.programs; slot++)
        json_array_append_new(programs, program_json(r, slot));
    for (unsigned slot = 1; slot < r->summary.programs; slot++)
        json_array_append_new(verdicts, verdict_json(r, slot));
    json_t *const root = json_pack(
        "{s:i, s:s, s:s, s:b, s:s, s:o, s:o, s:b, s:b, s:o, s:o, s:o, s:o}", "schema", 1, "command",
        "ab", "judged", ab_measure_name(r->rule.judged), "cannot_tell", r->verdicts.cannot_tell,
        "control", verdict_words[r->verdicts.kind[r->summary.programs]], "gate",
        r->rule.gate > 0 ? json_number(r->rule.gate) : json_null(), "precision",
        json_number(r->rule.precision), "precision_reached", report->precise, "partial",
        report->interrupted != 0, "limit", json_text(report->limit), "verdicts", verdicts,
        "programs", programs, "sessions", sessions);
    return json_print(root, out);
}
