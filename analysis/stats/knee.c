/* SPDX-License-Identifier: MIT
 * A fit, and fits of what might have been measured instead. */
#include "analysis/stats/knee.h"

#include "base/rng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = 64, DRAWS = 200, TERMS = 3 };
/* A bend that is surely less is none: 0.1 is 7% less at twice the size. */
static const double BEND_LEAST = 0.1;
/* Of the bootstrap's draws: two-sided 95%. */
static const double LOW = 0.025, HIGH = 0.975;

struct curve {
    double x[KNEE_SIZES_MOST], y[KNEE_SIZES_MOST];
    size_t points;
};

struct fit {
    double at;                 /* log of the size where the lines meet */
    double term[TERMS], error; /* level, slope before, change of the slope; sum of squares */
};

/* F of one and `freedom` degrees, 95%. */
static double f_quantile(size_t freedom)
{
    static const double table[] = {161.4, 18.51, 10.13, 7.71, 6.61, 5.99, 5.59, 5.32, 5.12, 4.96};
    const size_t known = sizeof table / sizeof *table;
    return table[(freedom < known ? freedom : known) - 1];
}

static void swap_rows(double a[TERMS][TERMS + 1], int i, int k)
{
    double row[TERMS + 1];
    memcpy(row, a[i], sizeof row);
    memcpy(a[i], a[k], sizeof row);
    memcpy(a[k], row, sizeof row);
}

/* Gauss with pivots. False: singular. */
static bool solve(double a[TERMS][TERMS + 1], double out[TERMS])
{
    for (int i = 0; i < TERMS; i++) {
        int best = i;
        for (int k = i + 1; k < TERMS; k++)
            best = fabs(a[k][i]) > fabs(a[best][i]) ? k : best;
        if (fabs(a[best][i]) < 1e-12)
            return false;
        swap_rows(a, i, best);
        for (int k = i + 1; k < TERMS; k++)
            for (int c = TERMS; c >= i; c--)
                a[k][c] -= a[i][c] * a[k][i] / a[i][i];
    }
    for (int i = TERMS - 1; i >= 0; i--) {
        out[i] = a[i][TERMS];
        for (int k = i + 1; k < TERMS; k++)
            out[i] -= a[i][k] * out[k];
        out[i] /= a[i][i];
    }
    return true;
}

static void terms_at(double x, double at, double term[TERMS])
{
    term[0] = 1;
    term[1] = x;
    term[2] = fmax(x - at, 0);
}

/* Two lines that meet at `at`. */
static bool fit_at(const struct curve *c, double at, struct fit *out)
{
    double a[TERMS][TERMS + 1] = {{0}}, term[TERMS];
    for (size_t i = 0; i < c->points; i++) {
        terms_at(c->x[i], at, term);
        for (int r = 0; r < TERMS; r++) {
            for (int k = 0; k < TERMS; k++)
                a[r][k] += term[r] * term[k];
            a[r][TERMS] += term[r] * c->y[i];
        }
    }
    *out = (struct fit){.at = at};
    if (!solve(a, out->term))
        return false;
    for (size_t i = 0; i < c->points; i++) {
        terms_at(c->x[i], at, term);
        double rest = c->y[i];
        for (int k = 0; k < TERMS; k++)
            rest -= out->term[k] * term[k];
        out->error += rest * rest;
    }
    return true;
}

static double grid_place(const struct curve *c, int i)
{
    const double first = c->x[1], last = c->x[c->points - 2];
    return first + (last - first) * i / GRID;
}

/* Over a grid between the second size and the last but one. */
static struct fit fit_best(const struct curve *c)
{
    struct fit best = {.error = INFINITY}, fit;
    for (int i = 0; i <= GRID; i++)
        if (fit_at(c, grid_place(c, i), &fit) && fit.error < best.error)
            best = fit;
    return best;
}

/* Widens [*low, *high] by all places that fit about as well. */
static void widen_by_profile(const struct curve *c, double least, double *low, double *high)
{
    const size_t freedom = c->points - TERMS - 1;
    const double most = least * (1 + f_quantile(freedom) / (double)freedom);
    struct fit fit;
    for (int i = 0; i <= GRID; i++) {
        if (!fit_at(c, grid_place(c, i), &fit) || fit.error > most)
            continue;
        *low = fmin(*low, fit.at);
        *high = fmax(*high, fit.at);
    }
}

static void draw_values(const struct knee_point *p, struct rng *rng, double *drawn)
{
    for (size_t i = 0; i < p->count; i++)
        drawn[i] = p->value[rng_below(rng, (uint32_t)p->count)];
}

/* Medians of all blocks, or with a generator, of blocks drawn with replacement. */
static void make_curve(
    const struct knee_point *point, size_t points, struct rng *rng, double *room, struct curve *c)
{
    c->points = points;
    for (size_t i = 0; i < points; i++) {
        if (rng)
            draw_values(&point[i], rng, room);
        else
            memcpy(room, point[i].value, point[i].count * sizeof *room);
        c->x[i] = log2(point[i].size);
        c->y[i] = log2(stats_median_among(room, point[i].count));
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *sorted, double share)
{
    return sorted[(size_t)(share * (DRAWS - 1) + 0.5)];
}

static void draw_fits(const struct knee_point *point, size_t points, uint64_t seed, double *room,
    double at[DRAWS], double bend[DRAWS])
{
    struct rng rng;
    struct curve c;
    rng_seed(&rng, seed);
    for (int i = 0; i < DRAWS; i++) {
        make_curve(point, points, &rng, room, &c);
        const struct fit fit = fit_best(&c);
        at[i] = fit.at;
        bend[i] = fit.term[2];
    }
    qsort(at, DRAWS, sizeof *at, by_value);
    qsort(bend, DRAWS, sizeof *bend, by_value);
}

static size_t most_blocks(const struct knee_point *point, size_t points)
{
    size_t most = 0;
    for (size_t i = 0; i < points; i++) {
        if (point[i].count < STATS_BLOCKS_MIN)
            return 0;
        most = point[i].count > most ? point[i].count : most;
    }
    return most;
}

int knee_find(const struct knee_point *point, size_t points, uint64_t seed, struct knee *out)
{
    double at[DRAWS], bend[DRAWS];
    struct curve c;
    const size_t most = most_blocks(point, points);
    *out = (struct knee){.at = INTERVAL_NONE};
    if (points < KNEE_SIZES || points > KNEE_SIZES_MOST || !most)
        return -EINVAL;
    double *const room = malloc(most * sizeof *room);
    if (!room)
        return -ENOMEM;
    make_curve(point, points, NULL, room, &c);
    const struct fit fit = fit_best(&c);
    draw_fits(point, points, seed, room, at, bend);
    free(room);
    out->found = quantile(bend, HIGH) < -BEND_LEAST;
    double low = quantile(at, LOW), high = quantile(at, HIGH);
    widen_by_profile(&c, fit.error, &low, &high);
    out->at =
        (struct interval){.low = exp2(low), .mid = exp2(fit.at), .high = exp2(high), .n = points};
    out->before = fit.term[1];
    out->after = fit.term[1] + fit.term[2];
    return 0;
}
