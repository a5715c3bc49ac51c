/* SPDX-License-Identifier: MIT
 * A quantity's variance is judged by its own hosts and by those of the other quantities, as far as
 * the quantities' variances are alike. */
#include "analysis/peers/peers_internal.h"
#include "analysis/peers/student.h"

#include <math.h>

/* Sums over the judged quantities. */
struct logs {
    double n, sum, squares, noise, df;
};

static double log_of(const struct measure *m)
{
    return log(m->variance) - log_variance_mean(m->df);
}

static void add_log(struct logs *logs, const struct measure *m, double sign)
{
    const double e = log_of(m);
    logs->n += sign;
    logs->sum += sign * e;
    logs->squares += sign * e * e;
    logs->noise += sign * log_variance_variance(m->df);
    logs->df += sign * m->df;
}

/* As many degrees of freedom as explain how far apart the variances are, and more than they are
 * where that is known of few quantities only; and no more than the values have from which they
 * come. */
static struct prior prior_of(const struct logs *logs)
{
    if (logs->n < 2)
        return (struct prior){1, 0};
    const double mean = logs->sum / logs->n;
    const double apart = (logs->squares - logs->n * mean * mean) / (logs->n - 1);
    const double most = apart * (1 + 2 / (logs->n - 1));
    const double df = log_variance_df(most - logs->noise / logs->n);
    return (struct prior){exp(mean + log_variance_mean(df)), fmin(df, logs->df)};
}

void priors_fit(struct measure *measure, size_t quantities)
{
    struct logs all = {0};
    for (size_t f = 0; f < quantities; f++)
        if (measure[f].judged)
            add_log(&all, &measure[f], 1);
    for (size_t f = 0; f < quantities; f++) {
        struct logs others = all;
        if (!measure[f].judged)
            continue;
        add_log(&others, &measure[f], -1);
        measure[f].prior = prior_of(&others);
    }
}

struct prior prior_join(const struct prior *prior, double variance, double df)
{
    const double all = prior->df + df;
    return (struct prior){(prior->df * prior->variance + df * variance) / all, all};
}
