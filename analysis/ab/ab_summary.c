/* SPDX-License-Identifier: MIT
 * Blocks as series, and their intervals. */
#include "analysis/ab/ab_summary.h"

#include "base/compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *ab_measure_name(enum ab_measure measure)
{
    static const char *const names[AB_EVENT] = {"wall", "cpu", "memory", "switches", "metric"};
    return measure < AB_EVENT ? names[measure] : event_roles[measure - AB_EVENT].name;
}

enum ab_measure ab_measure_find(const char *name)
{
    enum ab_measure measure = AB_WALL;
    while (measure < AB_MEASURES && strcmp(name, ab_measure_name(measure)) != 0)
        measure++;
    return measure;
}

/* Whether a block begins at a run, all of whose programs are there and count. `*rows`: its runs. */
static bool is_whole(const struct ab_session *s, size_t from, size_t *rows)
{
    unsigned seen = 0;
    bool accepted = true;
    size_t to = from;
    for (; to < s->runs && s->run[to].block == s->run[from].block; to++) {
        seen |= 1u << s->run[to].slot;
        accepted = accepted && s->run[to].accepted;
    }
    *rows = to - from;
    return accepted && seen == (1u << (s->programs + 1)) - 1;
}

/* The distance of the cpus in the blocks that count, as the ping-pong after each shows it; no
 * limits where there is none. */
struct regime {
    double low, high;
    size_t others; /* blocks of other regimes */
};

static bool is_in(const struct regime *regime, double round_trip_ns)
{
    return !isfinite(round_trip_ns) ||
           (round_trip_ns >= regime->low && round_trip_ns <= regime->high);
}

/* Of ascending round trips: those between two gaps of AB_APART that are the most. */
static struct regime most_common(const double *sorted, size_t count)
{
    struct regime best = {.low = -INFINITY, .high = INFINITY};
    size_t most = 0;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && sorted[to] <= AB_APART * sorted[to - 1];)
            to++;
        if (to - from <= most)
            continue;
        most = to - from;
        best = (struct regime){sorted[from], sorted[to - 1], count - most};
    }
    return best;
}

static int find_regime(const struct ab_session *s, struct regime *out)
{
    size_t count = 0, rows;
    double *const ns = malloc((s->runs + 1) * sizeof *ns);
    if (!ns)
        return -ENOMEM;
    for (size_t i = 0; i < s->runs; i += rows)
        if (is_whole(s, i, &rows) && isfinite(s->run[i].round_trip_ns))
            ns[count++] = s->run[i].round_trip_ns;
    if (count)
        qsort(ns, count, sizeof *ns, order_doubles);
    *out = most_common(ns, count);
    free(ns);
    return 0;
}

static bool counts(
    const struct ab_session *s, const struct regime *regime, size_t from, size_t *rows)
{
    return is_whole(s, from, rows) && is_in(regime, s->run[from].round_trip_ns);
}

static bool is_rejected(const struct ab_session *s, size_t from, size_t rows)
{
    return rows > s->programs && !s->run[from].accepted;
}

static void count_blocks(
    const struct ab_session *s, const struct regime *regime, struct ab_summary *out)
{
    size_t rows;
    for (size_t i = 0; i < s->runs; i += rows) {
        out->blocks += counts(s, regime, i, &rows);
        out->rejected += is_rejected(s, i, rows);
    }
}

static void fill_series(const struct ab_session *s, const struct regime *regime,
    enum ab_measure measure, const struct ab_blocks *series)
{
    size_t rows, block = 0;
    for (size_t i = 0; i < s->runs; i += rows) {
        if (!counts(s, regime, i, &rows))
            continue;
        for (size_t k = i; k < i + rows; k++)
            series->value[s->run[k].slot * series->blocks + block] = s->run[k].value[measure];
        block++;
    }
}

/* Without the values that were not measured. Moves the others. */
static int measured_interval(double *value, size_t count, struct interval *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(value[i]))
            value[kept++] = value[i];
    return stats_interval(value, NULL, kept, out);
}

/* The ratios to both runs of the first program. Each is as likely above the truth as below it,
 * however skewed the noise is, which the ratio to the mean of the two is not. The two of a block
 * have a run in common: they are of one place for stats_ratio. */
static int ratio_to_both(
    const struct ab_blocks *series, unsigned slot, unsigned control, struct interval *out)
{
    const size_t n = series->blocks;
    double *const value = malloc((4 * n + 1) * sizeof *value);
    double *const reference = value ? value + 2 * n : NULL;
    int32_t *const block = malloc((2 * n + 1) * sizeof *block);
    int failed = value && block ? 0 : -ENOMEM;
    for (size_t i = 0; i < n && !failed; i++) {
        value[i] = value[n + i] = series->value[slot * n + i];
        reference[i] = series->value[i];
        reference[n + i] = series->value[control * n + i];
        block[i] = block[n + i] = (int32_t)i;
    }
    failed = failed ? failed : stats_ratio(value, reference, block, 2 * n, out);
    out->n = (out->n + 1) / 2;
    if (out->n < STATS_BLOCKS_MIN)
        out->low = out->high = NAN;
    free(value);
    free(block);
    return failed;
}

static int estimate_measure(
    const struct ab_blocks *series, enum ab_measure measure, struct ab_summary *out)
{
    const unsigned control = out->programs;
    int failed = 0;
    out->of[0].ratio[measure] = INTERVAL_NONE;
    for (unsigned slot = 1; slot < control; slot++)
        failed |= ratio_to_both(series, slot, control, &out->of[slot].ratio[measure]);
    failed |= stats_ratio(series->value + control * series->blocks, series->value, NULL,
        series->blocks, &out->of[control].ratio[measure]);
    for (unsigned slot = 0; slot <= out->programs; slot++)
        failed |= measured_interval(
            series->value + slot * series->blocks, series->blocks, &out->of[slot].value[measure]);
    return failed;
}

static double median_canary(const struct ab_session *s)
{
    double *const ns = malloc((s->runs + 1) * sizeof *ns);
    for (size_t i = 0; ns && i < s->runs; i++)
        ns[i] = s->run[i].canary_ns;
    const double median = ns ? stats_median_among(ns, s->runs) : NAN;
    free(ns);
    return median;
}

int ab_blocks_of(const struct ab_session *session, enum ab_measure measure, struct ab_blocks *out)
{
    struct ab_summary counted = {0};
    struct regime regime;
    *out = (struct ab_blocks){0};
    const int failed = find_regime(session, &regime);
    if (failed)
        return failed;
    count_blocks(session, &regime, &counted);
    out->blocks = counted.blocks;
    out->value = calloc((session->programs + 1) * counted.blocks + 1, sizeof *out->value);
    if (!out->value)
        return -ENOMEM;
    fill_series(session, &regime, measure, out);
    return 0;
}

int ab_summarise(const struct ab_session *session, struct ab_summary *out)
{
    *out = (struct ab_summary){.programs = session->programs, .canary_ns = median_canary(session)};
    struct regime regime;
    int failed = find_regime(session, &regime);
    if (failed)
        return failed;
    out->other_regimes = regime.others;
    count_blocks(session, &regime, out);
    struct ab_blocks series = {.blocks = out->blocks};
    series.value = calloc(AB_SLOTS * out->blocks + 1, sizeof *series.value);
    failed = series.value ? 0 : -ENOMEM;
    for (int measure = 0; measure < AB_MEASURES; measure++) {
        if (!failed)
            fill_series(session, &regime, measure, &series);
        if (!failed)
            failed = estimate_measure(&series, measure, out);
    }
    free(series.value);
    return failed;
}
