/* SPDX-License-Identifier: MIT
 * Which of many machines of one kind is not like the others, and in which quantity. Knows no files:
 * values in, names out. docs/fleet.md describes the method, and what it assumes. */
#ifndef ANALYSIS_PEERS_PEERS_H
#define ANALYSIS_PEERS_PEERS_H

#include <stdbool.h>
#include <stddef.h>

enum { PEERS_HOSTS_MIN = 5 };  /* with fewer, "the others" are too few to be a measure */
#define PEERS_ALL ((size_t)-1) /* in place of a quantity: all of them together */

/* Hosts of one kind. `value` and `error` have a row for each host, and in it one number for each
 * quantity: the natural logarithm of what was measured, NaN where it was not, and its standard
 * error, 0 or NaN where it is not known. */
struct peers_kind {
    const double *value, *error;
    size_t hosts, quantities;
};

struct peers_rule {
    double level; /* of the whole call: the most that healthy kinds are to be named in, as 0.05 */
    double floor; /* a smaller difference, as a logarithm, is not named however certain it is */
};
extern const struct peers_rule peers_default; /* 5%, and 2% */

struct peers_named {
    size_t kind, host, quantity; /* quantity: PEERS_ALL where the host is off as a whole */
    double off;                  /* from the kind's median, as a logarithm */
    double
        chance; /* that a healthy host is named so far off anywhere in the call; at most `level` */
};

/* What the others of a kind have. */
struct peers_quantity {
    size_t hosts;          /* that have the quantity */
    double median, spread; /* of the logarithms; spread: the standard deviation without those
                              named; NaN where it is not judged */
    double low, high;      /* the least and the greatest of those that are not named */
};

struct peers_result {
    struct peers_named *named; /* by kind, then by host; of a host the least chance first */
    size_t count;
    struct peers_quantity *
        *quantity; /* of each kind; NULL for a kind without hosts or quantities */
    size_t kinds;
    size_t tests; /* comparisons that share the error rate */
};

/* Kinds of fewer than PEERS_HOSTS_MIN hosts, and quantities that fewer hosts of a kind have, are
 * not judged. 0 or -ENOMEM. */
int peers_find(const struct peers_kind *kind, size_t kinds, const struct peers_rule *rule,
    struct peers_result *out);
void peers_fini(struct peers_result *result); /* zeros are safe */

#endif
