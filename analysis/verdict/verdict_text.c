/* SPDX-License-Identifier: MIT
 * Verdicts in words. Every ratio comes with its interval, so that the reader can judge it too. */
#include "analysis/verdict/verdict_text.h"

#include "analysis/dataset/event_rates.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

/* Whole or not at all: a cut could fall into a UTF-8 character. */
__attribute__((format(printf, 2, 3))) static void append_text(
    struct text *text, const char *format, ...)
{
    if (text->left == 0)
        return;
    va_list list;
    va_start(list, format);
    const int wanted = vsnprintf(text->at, text->left, format, list);
    va_end(list);
    if (wanted < 0 || (size_t)wanted >= text->left) {
        *text->at = '\0';
        text->left = 0;
        return;
    }
    text->at += wanted;
    text->left -= (size_t)wanted;
}

/* To two significant digits, and below 1.5 to hundredths, since near 1 these are what matters. */
static void append_ratio(struct text *text, double number)
{
    if (number < 0.0995)
        append_text(text, "%.2g", number);
    else if (number < 1.495)
        append_text(text, "%.2f", number);
    else if (number < 9.95)
        append_text(text, "%.1f", number);
    else
        append_text(text, "%.0f", number);
}

static void append_range(struct text *text, struct interval ratio)
{
    append_ratio(text, ratio.low);
    append_text(text, "–");
    append_ratio(text, ratio.high);
}

static void append_bracket(struct text *text, struct interval ratio)
{
    append_text(text, " (");
    append_range(text, ratio);
    append_text(text, ")");
}

static void append_times(struct text *text, struct interval ratio)
{
    append_ratio(text, ratio.mid);
    append_text(text, "×");
    append_bracket(text, ratio);
}

static void append_bytes(struct text *text, const struct estimate *estimate)
{
    append_text(text, "%" PRId64 " B", estimate->align_bytes);
}

static bool has_kind(const struct estimate *estimate, enum verdict_kind kind)
{
    return verdict_kind(estimate->ratio) == kind;
}

static bool is_cured(const struct estimate *estimate)
{
    return has_kind(estimate, VERDICT_SAME) || has_kind(estimate, VERDICT_FASTER);
}

/* The smallest alignment from which on all are known not to be slower; NULL: there is none. */
static const struct estimate *find_cure(const struct ladder *ladder)
{
    const struct estimate *found = NULL;
    for (size_t i = ladder->count; i > 0 && is_cured(&ladder->estimate[i - 1]); i--)
        found = &ladder->estimate[i - 1];
    return found;
}

static void append_remedy(const struct ladder *ladder, struct text *text)
{
    const struct estimate *cured = find_cure(ladder), *last = &ladder->estimate[ladder->count - 1];
    append_text(text, "; ");
    if (cured) {
        append_bytes(text, cured);
        append_text(text, " removes it");
    } else if (has_kind(last, VERDICT_OPEN)) {
        append_bytes(text, last);
        append_text(text, " undecided, ");
        append_range(text, last->ratio);
    } else if (has_kind(last, VERDICT_NONE)) {
        append_bytes(text, last);
        append_text(text, " has too few blocks");
    } else {
        append_text(text, "no alignment measured removes it");
    }
}

void text_sharing(const struct ladder *ladder, struct text *text)
{
    bool first = true;
    for (size_t i = 0; i < ladder->count; i++) {
        const struct estimate *estimate = &ladder->estimate[i];
        if (!has_kind(estimate, VERDICT_SLOWER))
            continue;
        append_text(text, "%s", first ? "" : "; ");
        append_bytes(text, estimate);
        append_text(text, first ? ": false sharing, " : ": ");
        append_times(text, estimate->ratio);
        first = false;
    }
    append_remedy(ladder, text);
}

/* Against the largest alignment, if that is no faster than isolated itself; else against isolated.
 */
static double padding_factor(const struct ladder *ladder)
{
    const struct estimate *small = ladder->estimate, *large = &ladder->estimate[ladder->count - 1];
    const bool padded = has_kind(large, VERDICT_SAME) || has_kind(large, VERDICT_SLOWER);
    return (padded ? large->ratio.mid : 1) / small->ratio.mid;
}

/* Packed is as fast as isolated, and some padded variant slower than both. */
static void append_slower_padded(const struct ladder *ladder, struct text *text)
{
    const struct estimate *worst = ladder->estimate;
    for (size_t i = 1; i < ladder->count; i++)
        if (has_kind(&ladder->estimate[i], VERDICT_SLOWER) &&
            ladder->estimate[i].ratio.mid > worst->ratio.mid)
            worst = &ladder->estimate[i];
    append_bytes(text, worst);
    append_text(text, " takes ");
    append_times(text, worst->ratio);
    append_text(text, " of isolated, ");
    append_bytes(text, ladder->estimate);
    append_text(text, " ");
    append_times(text, ladder->estimate->ratio);
}

void text_padding(const struct ladder *ladder, struct text *text)
{
    const struct estimate *small = ladder->estimate;
    append_text(text, "padding costs");
    if (small->role[0])
        append_text(text, " the %s", small->role);
    if (!has_kind(small, VERDICT_FASTER)) {
        append_text(text, ": ");
        append_slower_padded(ladder, text);
        return;
    }
    append_text(text, " ");
    append_ratio(text, padding_factor(ladder));
    append_text(text, "×: ");
    append_bytes(text, small);
    append_text(text, " takes ");
    append_times(text, small->ratio);
    append_text(text, " of isolated");
}

static bool op_is(const struct estimate *estimate, const char *op)
{
    return strcmp(estimate->op, op) == 0 && strcmp(estimate->mode, "throughput") == 0;
}

void text_same(const struct estimate *estimate, struct text *text)
{
    if (estimate->gap_ns > 0) {
        append_text(text, "no visible cost at a gap of %.0f ns", estimate->gap_ns);
    } else if (op_is(estimate, "store")) {
        append_text(text, "plain stores: no visible cost, the store buffer hides it");
    } else if (op_is(estimate, "rmw")) {
        append_text(text, "no visible cost");
    } else {
        append_text(text, "no false sharing: ");
        append_bytes(text, estimate);
        append_text(text, " costs the same as isolated");
    }
    append_bracket(text, estimate->ratio);
}

void text_open(const struct estimate *estimate, struct text *text)
{
    append_text(text, "undecided: ");
    append_range(text, estimate->ratio);
    append_text(text, " needs more blocks (a smaller --precision, a longer --max-time)");
}

void text_none(const struct ladder *ladder, struct text *text)
{
    const struct estimate *estimate = ladder->estimate;
    if (estimate->threads == 1)
        append_text(text, "no verdict: one cpu shares nothing");
    else if (!ladder->reference)
        append_text(text, "no verdict: no isolated reference was measured");
    else
        append_text(text, "no verdict: %zu block%s, %d are needed", estimate->ratio.n,
            estimate->ratio.n == 1 ? "" : "s", STATS_BLOCKS_MIN);
}

/* A line that moves once in a hundred ops is a price that timing should show. */
static const double MOVES_LEAST = 0.01;

void text_counters(const struct ladder *ladder, enum verdict_kind kind, struct text *text)
{
    if (!ladder->reference || (kind != VERDICT_SLOWER && kind != VERDICT_SAME))
        return;
    const struct estimate *packed = ladder->estimate, *reference = packed - 1;
    const enum event_role role = event_rates_usable(reference, ladder->count + 1);
    if (role == EVENT_HARDWARE)
        return;
    const struct interval now = packed->per_op[role], base = reference->per_op[role];
    if (isnan(now.low) || isnan(base.high))
        return;
    const bool moves = now.low > base.high && now.mid - base.mid >= MOVES_LEAST;
    if (moves == (kind == VERDICT_SLOWER))
        return;
    append_text(text, moves ? "; yet the line moves: " : "; but counters disagree: ");
    append_text(text, "%.2g %s/op, isolated %.2g", now.mid, event_roles[role].name, base.mid);
}

void text_twin(const struct estimate *estimate, enum verdict_kind kind, struct text *text)
{
    if (kind == VERDICT_OPEN) {
        append_text(text, "A/A: no difference found");
        append_bracket(text, estimate->ratio);
        return;
    }
    append_text(text, "A/A: %s, ", kind == VERDICT_SAME ? "no difference" : "DIFFERENT");
    append_ratio(text, estimate->ratio.mid);
    append_bracket(text, estimate->ratio);
}
