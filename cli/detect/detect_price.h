/* SPDX-License-Identifier: MIT
 * The prices of a report's findings: baseline runs of the program and replays, in turn. */
#ifndef CLI_DETECT_DETECT_PRICE_H
#define CLI_DETECT_DETECT_PRICE_H

#include "analysis/price/price.h"
#include "analysis/sharing/sharing.h"

struct detect_prices {
    struct price *price; /* of each finding of the list */
    struct price all;    /* of all that happen, fixed together */
    size_t count;
    bool measured; /* or at least tried; if not, all have the same reason */
};

struct detect_pricing {
    const char *plain; /* the uninstrumented program; NULL: nothing is measured, and each price has
                          the reason */
    char *const *command; /* what was watched; `plain` replaces its first word */
    int pid, status;      /* of it */
    const char *folder;   /* of the recordings: an uninstrumented program leaves none */
    double max_time_ns;
    const volatile int *stop;
};

/* 0 or -errno with err: the program cannot be run, or is instrumented. What cannot be priced is not
 * an error. Ended by detect_prices_fini in either case. */
int detect_prices_measure(const struct detect_pricing *pricing, const struct sharing_list *list,
    struct detect_prices *out, struct err *err);
void detect_prices_fini(struct detect_prices *prices);

#endif
