/* SPDX-License-Identifier: MIT
 * The report of `numaprobe align` as JSON: the same, unrounded. */
#include "cli/align/align.h"

#include "analysis/format/format_json.h"

static json_t *ratio_json(const struct estimate *e)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:o}", "layout", e->layout, "op", e->op, "role",
        e->role, "align_bytes", (json_int_t)e->align_bytes, "regime", (json_int_t)e->regime,
        "ratio", json_interval(e->ratio));
}

static json_t *pair_json(const struct align_pair *p)
{
    const struct summary *const summary = &p->sampling.summary;
    const struct regime *const most = summary->regimes ? summary->regime : NULL;
    json_t *const ratios = json_array();
    for (size_t i = 0; i < APART_CASES; i++)
        for (unsigned bytes = APART_NARROWEST; bytes <= APART_WIDEST; bytes *= 2) {
            const struct estimate *const e = apart_estimate(summary, &apart_cases[i], bytes);
            if (e)
                json_array_append_new(ratios, ratio_json(e));
        }
    return json_pack("{s:[i, i], s:s, s:I, s:o, s:I, s:o}", "cpus", (int)p->plan.cpus.cpu[0],
        (int)p->plan.cpus.cpu[1], "distance", p->plan.apart, "blocks",
        (json_int_t)(most ? most->blocks : 0), "canary_ns",
        most ? json_number(most->canary_ns) : json_null(), "regimes", (json_int_t)summary->regimes,
        "ratios", ratios);
}

/* A distance; null where none of those measured is enough, or nothing is known. */
static json_t *bytes_json(unsigned bytes)
{
    return bytes && bytes != APART_MORE ? json_integer(bytes) : json_null();
}

int align_report_json(const struct align_report *report, FILE *out)
{
    const struct apart apart = align_apart(report);
    const bool decided = apart_is_decided(apart);
    char define[256] = "";
    json_t *const pairs = json_array();
    for (size_t i = 0; i < report->align->pairs; i++)
        json_array_append_new(pairs, pair_json(&report->align->pair[i]));
    if (decided)
        align_define(report, define, sizeof define);
    return json_print(
        json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:f, s:f, s:b, s:o}", "schema", SAMPLE_SCHEMA,
            "command", "align", "bytes", decided ? bytes_json(apart.most) : json_null(),
            "least_bytes", bytes_json(apart.least), "most_bytes", bytes_json(apart.most), "define",
            json_text(define), "threshold", report->threshold, "precision", report->precision,
            "partial", report->interrupted != 0, "pairs", pairs),
        out);
}
