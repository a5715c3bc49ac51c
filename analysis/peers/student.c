/* SPDX-License-Identifier: MIT
 * The incomplete beta function by its continued fraction, digamma and trigamma by their series. */
#include "analysis/peers/student.h"

#include <math.h>
#include <stdbool.h>

enum { FRACTION_STEPS = 300, BISECTIONS = 100 };
static const double TINY = 1e-300, CLOSE = 1e-13;

static double away_from_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

/* Lentz's method for the continued fraction of Abramowitz and Stegun 26.5.8, which converges fast
 * for x below (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), h = d;
    for (int m = 1; m <= FRACTION_STEPS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        h *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        h *= d * c;
        if (fabs(d * c - 1) < CLOSE)
            break;
    }
    return h;
}

/* `rest` is 1 - x, which loses its digits where x is near 1. */
static double beta_part(double x, double rest, double a, double b)
{
    if (x <= 0)
        return 0;
    const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(rest, b, a) / b;
}

double student_tail(double t, double df)
{
    if (t == 0)
        return 1;
    if (isinf(df))
        return erfc(fabs(t) / sqrt(2));
    return beta_part(df / (df + t * t), t * t / (df + t * t), df / 2, 0.5);
}

/* Both functions by their asymptotic series from 6 on, below it by their recurrences (Abramowitz
 * and Stegun 6.3.18, 6.4.12). */
static double digamma(double x)
{
    double sum = 0;
    for (; x < 6; x++)
        sum -= 1 / x;
    const double r = 1 / (x * x);
    return sum + log(x) - 0.5 / x - r * (1 / 12.0 - r * (1 / 120.0 - r / 252));
}

static double trigamma(double x)
{
    double sum = 0;
    for (; x < 6; x++)
        sum += 1 / (x * x);
    const double r = 1 / (x * x);
    return sum + 1 / x + r / 2 + r / x * (1 / 6.0 - r * (1 / 30.0 - r / 42));
}

double log_variance_mean(double df)
{
    return isinf(df) ? 0 : digamma(df / 2) - log(df / 2);
}

double log_variance_variance(double df)
{
    return isinf(df) ? 0 : trigamma(df / 2);
}

double log_variance_df(double variance)
{
    double low = 1e-3, high = 1e9;
    if (!(variance > trigamma(high / 2)))
        return INFINITY;
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = sqrt(low * high);
        const bool above = trigamma(middle / 2) > variance;
        low = above ? middle : low;
        high = above ? high : middle;
    }
    return low;
}
