/* SPDX-License-Identifier: MIT
 * Student's t distribution, and the logarithm of a variance that was estimated. Pure arithmetic. */
#ifndef ANALYSIS_PEERS_STUDENT_H
#define ANALYSIS_PEERS_STUDENT_H

/* The probability that |t| is exceeded, in either direction, with `df` degrees of freedom above 0;
 * infinite: the normal distribution. By the incomplete beta function (Abramowitz and
 * Stegun 26.7.1), so that small probabilities keep their digits. */
double student_tail(double t, double df);

/* The mean and the variance of ln(s²/σ²), where s² has `df` degrees of freedom: by the digamma and
 * the trigamma function. */
double log_variance_mean(double df);
double log_variance_variance(double df);
/* The degrees of freedom of which ln(s²) has that variance; infinite for 0 and less. */
double log_variance_df(double variance);

#endif
