/* SPDX-License-Identifier: MIT
 * What the line of a lock's reader count costs, measured as `numaprobe costs` does, after the
 * loads. For the curves of --threads and --clients. */
#ifndef CLI_MAPS_MAPS_PRICE_H
#define CLI_MAPS_MAPS_PRICE_H

#include "cli/instrument.h"
#include "probes/costs/costs.h"
#include "probes/maps/maps_plan.h"

struct maps_price {
    struct sampling sampling; /* its samples, whose texts are the run's */
    struct costs_plan plan;
    struct costs_run *run;
    bool wanted;    /* it was to be measured */
    struct err err; /* why it was not; code 0: it was */
};

/* Whether a curve was asked for, of rwlock with at least two threads, under a load that mainly
 * reads. */
bool maps_price_is_wanted(const struct maps_request *request, const struct maps_plan *plan);
/* Prices of an add on the cpus of the most threads; at most a second. What cannot be measured is
 * not an error of the command: price->err has the reason. */
void maps_price_measure(
    struct maps_price *price, const struct instrument *in, const struct maps_plan *plan);
/* Why there is none for a load that matters (map_count_matters); "": none was wanted. */
const char *maps_price_lacks(const struct maps_price *price);
void maps_price_fini(struct maps_price *price); /* safe when zeroed */

#endif
