/* SPDX-License-Identifier: MIT
 * Fleets made up, for the test and the simulation of analysis/peers. */
#ifndef TESTS_PEERS_MADE_H
#define TESTS_PEERS_MADE_H

#include "analysis/peers/peers.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

struct made_fleet {
    size_t hosts, quantities;
    double spread;      /* standard deviation of the logarithm between hosts */
    double correlation; /* between any two quantities of a host */
    bool heavy_tails;   /* of a t distribution with 4 degrees of freedom; else normal */
    bool uneven;        /* the quantities' spreads are a seventh of it to all of it, of the last */
    double off;         /* added to host 0, as a share: 0.1 is 10% more */
    size_t off_quantities; /* the last ones */
    size_t off_hosts;      /* 0: one, if off is not 0 */
    size_t short_hosts;    /* so many, the last ones, have the first quantity only */
    bool at_median;        /* it lies off from the kind's median, not from what it would be */
};

struct made_result {
    bool off;     /* every host that is off was named, in a quantity that is */
    bool healthy; /* a host was named that is healthy */
};

static inline double made_normal(struct rng *rng)
{
    const double u = 1 - rng_real(rng);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * rng_real(rng));
}

static inline double made_deviation(struct rng *rng, bool heavy)
{
    double squares = 0;
    for (int i = 0; heavy && i < 4; i++) {
        const double x = made_normal(rng);
        squares += x * x;
    }
    /* The variance of t with 4 degrees of freedom is 2. */
    return heavy ? made_normal(rng) / sqrt(squares / 4) / sqrt(2) : made_normal(rng);
}

static inline double made_spread(const struct made_fleet *f, size_t quantity)
{
    const double share = f->quantities > 1 ? (double)quantity / (double)(f->quantities - 1) : 1;
    return f->spread * (f->uneven ? 0.15 + 0.85 * share : 1);
}

static inline size_t made_off_hosts(const struct made_fleet *f)
{
    return f->off == 0 ? 0 : f->off_hosts ? f->off_hosts : 1;
}

static inline double *made_values(struct rng *rng, const struct made_fleet *f)
{
    double *const value = calloc(f->hosts * f->quantities, sizeof *value);
    for (size_t h = 0; h < f->hosts && value; h++) {
        const double common = sqrt(f->correlation) * made_deviation(rng, f->heavy_tails);
        for (size_t i = 0; i < f->quantities; i++) {
            const double own = sqrt(1 - f->correlation) * made_deviation(rng, f->heavy_tails);
            const bool off = h < made_off_hosts(f) && i >= f->quantities - f->off_quantities;
            const double healthy = off && f->at_median ? 0 : made_spread(f, i) * (common + own);
            const bool lacks = i > 0 && h + f->short_hosts >= f->hosts;
            value[h * f->quantities + i] =
                lacks ? (double)NAN : 3 + healthy + (off ? log1p(f->off) : 0);
        }
    }
    return value;
}

static inline struct made_result made_fleet_judge(struct rng *rng, const struct made_fleet *f)
{
    struct made_result out = {0};
    struct peers_result r = {0};
    double *const value = made_values(rng, f);
    size_t named = 0, last = PEERS_ALL;
    if (!value || peers_find(&(struct peers_kind){value, NULL, f->hosts, f->quantities}, 1,
                      &peers_default, &r))
        abort();
    for (size_t i = 0; i < r.count; i++) {
        const struct peers_named *const n = &r.named[i];
        const bool off = n->host < made_off_hosts(f);
        out.healthy = out.healthy || !off;
        if (off && n->host != last &&
            (n->quantity == PEERS_ALL || n->quantity >= f->quantities - f->off_quantities)) {
            named++;
            last = n->host;
        }
    }
    out.off = named > 0 && named == made_off_hosts(f);
    peers_fini(&r);
    free(value);
    return out;
}

#endif
