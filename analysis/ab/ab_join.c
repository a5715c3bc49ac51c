/* SPDX-License-Identifier: MIT
 * Means over sessions. */
#include "analysis/ab/ab_join.h"

#include "analysis/stats/series.h"

#include <errno.h>
#include <string.h>

/* Sums of logarithms; a session without a median is left out. */
struct log_sum {
    double sum, squares;
    size_t n;
};

static void add_median(struct log_sum *s, double median)
{
    const double value = log(median);
    if (!isfinite(value))
        return;
    s->sum += value;
    s->squares += value * value;
    s->n++;
}

static struct interval interval_of(const struct log_sum *s)
{
    const double n = (double)s->n, mean = s->sum / n;
    struct interval out = {.low = NAN, .mid = s->n ? exp(mean) : NAN, .high = NAN, .n = s->n};
    if (s->n < AB_SESSIONS_MIN)
        return out;
    const double variance = fmax(0, s->squares - n * mean * mean) / (n - 1);
    const double far = series_quantile(n - 1) * sqrt(variance / n);
    out.low = exp(mean - far);
    out.high = exp(mean + far);
    return out;
}

static void join_estimate(const struct ab_summary *of, size_t sessions, unsigned slot,
    enum ab_measure measure, struct ab_estimate *out)
{
    struct log_sum ratio = {0}, value = {0};
    for (size_t i = 0; i < sessions; i++) {
        add_median(&ratio, of[i].of[slot].ratio[measure].mid);
        add_median(&value, of[i].of[slot].value[measure].mid);
    }
    out->ratio[measure] = interval_of(&ratio);
    out->value[measure] = interval_of(&value);
}

void ab_join(const struct ab_summary *of, size_t sessions, struct ab_summary *out)
{
    *out = (struct ab_summary){.programs = of[0].programs, .canary_ns = NAN};
    for (size_t i = 0; i < sessions; i++) {
        out->blocks += of[i].blocks;
        out->rejected += of[i].rejected;
        out->other_regimes += of[i].other_regimes;
    }
    for (unsigned slot = 0; slot <= out->programs; slot++)
        for (int measure = 0; measure < AB_MEASURES; measure++)
            join_estimate(of, sessions, slot, measure, &out->of[slot]);
}

int ab_check_pair(const struct ab_session *a, const struct ab_session *b, struct err *err)
{
    if (a->programs != b->programs)
        return err_set(err, -EINVAL, "--sessions: one session has %u programs, another %u",
            a->programs, b->programs);
    for (unsigned i = 0; i < a->programs; i++)
        if (strcmp(a->command[i], b->command[i]) != 0)
            return err_set(err, -EINVAL,
                "--sessions: program %c is '%.100s' in one session and '%.100s' in another; join "
                "sessions of the same programs",
                'a' + (char)i, a->command[i], b->command[i]);
    return 0;
}

int ab_check_sessions(const struct ab_session *session, size_t sessions, struct err *err)
{
    int code = 0;
    for (size_t i = 1; i < sessions && !code; i++)
        code = ab_check_pair(&session[0], &session[i], err);
    return code;
}
