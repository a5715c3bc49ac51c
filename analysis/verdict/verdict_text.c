/* SPDX-License-Identifier: MIT
 * Verdicts in words. Every ratio comes with its interval, so that the reader can judge it too. */
#include "analysis/verdict/verdict_text.h"

#include "analysis/dataset/event_rates.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Whole or not at all: a cut could fall into a UTF-8 character. */
__attribute__((format(printf, 2, 3))) static void say(struct text *text, const char *format, ...)
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
static void ratio_number(struct text *text, double number)
{
    if (number < 0.0995)
        say(text, "%.2g", number);
    else if (number < 1.495)
        say(text, "%.2f", number);
    else if (number < 9.95)
        say(text, "%.1f", number);
    else
        say(text, "%.0f", number);
}

static void range(struct text *text, struct interval ratio)
{
    ratio_number(text, ratio.low);
    say(text, "–");
    ratio_number(text, ratio.high);
}

static void bracket(struct text *text, struct interval ratio)
{
    say(text, " (");
    range(text, ratio);
    say(text, ")");
}

static void times(struct text *text, struct interval ratio)
{
    ratio_number(text, ratio.mid);
    say(text, "×");
    bracket(text, ratio);
}

static void bytes(struct text *text, const struct estimate *figure)
{
    say(text, "%" PRId64 " B", figure->align_bytes);
}

static bool is(const struct estimate *figure, enum verdict_kind kind)
{
    return verdict_kind(figure->ratio) == kind;
}

static bool is_cured(const struct estimate *figure)
{
    return is(figure, VERDICT_SAME) || is(figure, VERDICT_FASTER);
}

/* The smallest alignment from which on all are known not to be slower; NULL: there is none. */
static const struct estimate *cure(const struct ladder *ladder)
{
    const struct estimate *found = NULL;
    for (size_t i = ladder->count; i > 0 && is_cured(&ladder->figure[i - 1]); i--)
        found = &ladder->figure[i - 1];
    return found;
}

static void remedy(const struct ladder *ladder, struct text *text)
{
    const struct estimate *cured = cure(ladder), *last = &ladder->figure[ladder->count - 1];
    say(text, "; ");
    if (cured) {
        bytes(text, cured);
        say(text, " removes it");
    } else if (is(last, VERDICT_OPEN)) {
        bytes(text, last);
        say(text, " undecided, ");
        range(text, last->ratio);
    } else if (is(last, VERDICT_NONE)) {
        bytes(text, last);
        say(text, " has too few blocks");
    } else {
        say(text, "no alignment measured removes it");
    }
}

void text_sharing(const struct ladder *ladder, struct text *text)
{
    bool first = true;
    for (size_t i = 0; i < ladder->count; i++) {
        const struct estimate *figure = &ladder->figure[i];
        if (!is(figure, VERDICT_SLOWER))
            continue;
        say(text, "%s", first ? "" : "; ");
        bytes(text, figure);
        say(text, first ? ": false sharing, " : ": ");
        times(text, figure->ratio);
        first = false;
    }
    remedy(ladder, text);
}

/* Against the largest alignment, if that is no faster than isolated itself; else against isolated.
 */
static double padding_factor(const struct ladder *ladder)
{
    const struct estimate *small = ladder->figure, *large = &ladder->figure[ladder->count - 1];
    const bool padded = is(large, VERDICT_SAME) || is(large, VERDICT_SLOWER);
    return (padded ? large->ratio.mid : 1) / small->ratio.mid;
}

/* Packed is as fast as isolated, and some padded variant slower than both. */
static void slower_padded(const struct ladder *ladder, struct text *text)
{
    const struct estimate *worst = ladder->figure;
    for (size_t i = 1; i < ladder->count; i++)
        if (is(&ladder->figure[i], VERDICT_SLOWER) &&
            ladder->figure[i].ratio.mid > worst->ratio.mid)
            worst = &ladder->figure[i];
    bytes(text, worst);
    say(text, " takes ");
    times(text, worst->ratio);
    say(text, " of isolated, ");
    bytes(text, ladder->figure);
    say(text, " ");
    times(text, ladder->figure->ratio);
}

void text_padding(const struct ladder *ladder, struct text *text)
{
    const struct estimate *small = ladder->figure;
    say(text, "padding costs");
    if (small->role[0])
        say(text, " the %s", small->role);
    if (!is(small, VERDICT_FASTER)) {
        say(text, ": ");
        slower_padded(ladder, text);
        return;
    }
    say(text, " ");
    ratio_number(text, padding_factor(ladder));
    say(text, "×: ");
    bytes(text, small);
    say(text, " takes ");
    times(text, small->ratio);
    say(text, " of isolated");
}

static bool op_is(const struct estimate *figure, const char *op)
{
    return strcmp(figure->op, op) == 0 && strcmp(figure->mode, "throughput") == 0;
}

void text_same(const struct estimate *figure, struct text *text)
{
    if (figure->gap_ns > 0) {
        say(text, "no visible cost at a gap of %.0f ns", figure->gap_ns);
    } else if (op_is(figure, "store")) {
        say(text, "plain stores: no visible cost, the store buffer hides it");
    } else if (op_is(figure, "rmw")) {
        say(text, "no visible cost");
    } else {
        say(text, "no false sharing: ");
        bytes(text, figure);
        say(text, " costs the same as isolated");
    }
    bracket(text, figure->ratio);
}

void text_open(const struct estimate *figure, struct text *text)
{
    say(text, "undecided: ");
    range(text, figure->ratio);
    say(text, " needs more blocks (a longer --max-time)");
}

void text_none(const struct ladder *ladder, struct text *text)
{
    const struct estimate *figure = ladder->figure;
    if (figure->threads == 1)
        say(text, "no verdict: one cpu shares nothing");
    else if (!ladder->reference)
        say(text, "no verdict: no isolated reference was measured");
    else
        say(text, "no verdict: %zu block%s, %d are needed", figure->ratio.n,
            figure->ratio.n == 1 ? "" : "s", STATS_BLOCKS_MIN);
}

/* A line that moves once in a hundred ops is a price that timing should show. */
static const double MOVES_LEAST = 0.01;

void text_counters(const struct ladder *ladder, enum verdict_kind kind, struct text *text)
{
    if (!ladder->reference || (kind != VERDICT_SLOWER && kind != VERDICT_SAME))
        return;
    const struct estimate *packed = ladder->figure, *reference = packed - 1;
    const enum event_role role = event_rates_usable(reference, ladder->count + 1);
    if (role == EVENT_HARDWARE)
        return;
    const struct interval now = packed->per_op[role], base = reference->per_op[role];
    if (isnan(now.low) || isnan(base.high))
        return;
    const bool moves = now.low > base.high && now.mid - base.mid >= MOVES_LEAST;
    if (moves == (kind == VERDICT_SLOWER))
        return;
    say(text, moves ? "; yet the line moves: " : "; but counters disagree: ");
    say(text, "%.2g %s/op, isolated %.2g", now.mid, event_roles[role].name, base.mid);
}

void text_twin(const struct estimate *figure, enum verdict_kind kind, struct text *text)
{
    if (kind == VERDICT_OPEN) {
        say(text, "A/A: no difference found");
        bracket(text, figure->ratio);
        return;
    }
    say(text, "A/A: %s, ", kind == VERDICT_SAME ? "no difference" : "DIFFERENT");
    ratio_number(text, figure->ratio.mid);
    bracket(text, figure->ratio);
}
