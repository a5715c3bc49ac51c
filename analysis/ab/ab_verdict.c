/* SPDX-License-Identifier: MIT
 * The control first: a machine on which a program differs from itself decides nothing. */
#include "analysis/ab/ab_verdict.h"

#include "analysis/format/format.h"

#include <math.h>
#include <stdio.h>

enum verdict_kind ab_kind(struct interval ratio, double precision)
{
    const enum verdict_kind kind = verdict_kind_at(ratio, 1 + AB_RESOLVABLE);
    return kind == VERDICT_OPEN && interval_width(ratio) <= precision ? VERDICT_SAME : kind;
}

static bool is_difference(enum verdict_kind kind)
{
    return kind == VERDICT_SLOWER || kind == VERDICT_FASTER;
}

void ab_judge(const struct ab_summary *summary, const struct ab_rule *rule, struct ab_verdicts *out)
{
    const unsigned programs = summary->programs;
    *out = (struct ab_verdicts){.programs = programs};
    for (unsigned slot = 1; slot <= programs; slot++) {
        out->ratio[slot] = summary->of[slot].ratio[rule->judged];
        out->kind[slot] = ab_kind(out->ratio[slot], rule->precision);
        out->gate_failed |= slot < programs && out->ratio[slot].low > 1 + rule->gate;
        out->gate_unknown |= out->kind[slot] == VERDICT_NONE;
    }
    out->cannot_tell = is_difference(out->kind[programs]);
    out->gate_unknown |= out->cannot_tell;
    out->gate_failed &= rule->gate > 0 && !out->gate_unknown;
}

bool ab_precise(const struct ab_verdicts *verdicts, double precision)
{
    for (unsigned slot = 1; slot <= verdicts->programs; slot++)
        if (!(interval_width(verdicts->ratio[slot]) <= precision))
            return false;
    return true;
}

/* Near 1 a third digit after the point is significant. */
static int count_decimals(struct interval ratio)
{
    return fabs(ratio.mid - 1) < 0.2 ? 3 : 2;
}

const char *ab_ratio_text(struct interval ratio, char *out)
{
    *out = '\0';
    if (!isnan(ratio.mid))
        snprintf(out, CELL_TEXT, "%.*f×", count_decimals(ratio), ratio.mid);
    return out;
}

const char *ab_range_text(struct interval ratio, char *out)
{
    const int decimals = count_decimals(ratio);
    *out = '\0';
    if (!isnan(ratio.low))
        snprintf(out, CELL_TEXT, "%.*f–%.*f", decimals, ratio.low, decimals, ratio.high);
    return out;
}

static const struct {
    const char *more, *less;
} words[AB_EVENT] = {
    [AB_WALL] = {"is slower than a", "is faster than a"},
    [AB_CPU] = {"needs more cpu time than a", "needs less cpu time than a"},
    [AB_MEMORY] = {"needs more memory than a", "needs less memory than a"},
    [AB_SWITCHES] = {"has more context switches than a", "has fewer context switches than a"},
    [AB_METRIC] = {"prints a larger number than a", "prints a smaller number than a"},
};

static void text_of_difference(
    bool more, enum ab_measure judged, const char *name, const char *range, char *out)
{
    const size_t size = AB_VERDICT_TEXT;
    if (judged < AB_EVENT)
        snprintf(
            out, size, "%s %s: %s", name, more ? words[judged].more : words[judged].less, range);
    else
        snprintf(out, size, "%s counts %s %s than a: %s", name, more ? "more" : "fewer",
            ab_measure_name(judged), range);
}

static void text_of_kind(enum verdict_kind kind, enum ab_measure judged, const char *name,
    const char *range, char out[AB_VERDICT_TEXT])
{
    const size_t size = AB_VERDICT_TEXT;
    if (kind == VERDICT_SLOWER || kind == VERDICT_FASTER)
        text_of_difference(kind == VERDICT_SLOWER, judged, name, range, out);
    else if (kind == VERDICT_SAME)
        snprintf(out, size, "%s and a: no difference found, %s", name, range);
    else
        snprintf(out, size, "%s and a: undecided, %s; more time may decide it", name, range);
}

void ab_verdict_text(const struct ab_verdicts *v, enum ab_measure judged, unsigned slot,
    const char *unit, size_t least, char out[AB_VERDICT_TEXT])
{
    const char *const name = ab_slot_name(slot, v->programs);
    char range[2 * CELL_TEXT], ratio[CELL_TEXT], bounds[CELL_TEXT];
    const struct interval control = v->ratio[v->programs], this = v->ratio[slot];
    const struct interval shown = v->cannot_tell ? control : this;
    snprintf(range, sizeof range, "%.30s (%.60s)", ab_ratio_text(shown, ratio),
        ab_range_text(shown, bounds));
    if (v->cannot_tell)
        snprintf(out, AB_VERDICT_TEXT,
            "this machine cannot decide: a differs from itself, the control, by %s", range);
    else if (v->kind[slot] == VERDICT_NONE)
        snprintf(out, AB_VERDICT_TEXT, "%s and a: undecided, %zu of %zu %s that are needed", name,
            this.n, least, unit);
    else
        text_of_kind(v->kind[slot], judged, name, range, out);
}
