/* SPDX-License-Identifier: MIT
 * The clusters in a matrix, compared with the domains that hwloc reports. */
#ifndef CLI_MATRIX_MATRIX_DOMAINS_H
#define CLI_MATRIX_MATRIX_DOMAINS_H

#include "analysis/stats/clusters.h"
#include "cli/matrix/matrix_results.h"

enum { DOMAIN_KINDS = 4, DOMAIN_DOUBTS = CLUSTERS_LEVELS + DOMAIN_KINDS };

/* What hwloc reports for the chosen cpus: more than one domain, of more than one cpu. */
struct domain {
    const char *name; /* "core", "L3", "package", "NUMA node" */
    unsigned *of;     /* domain of each cpu, from 0 */
    size_t count;
};

struct matrix_domains {
    struct clusters clusters; /* measured, in the first series */
    bool looked;              /* false: fewer than three cpus, or pairs without an estimate */
    struct domain domain[DOMAIN_KINDS];
    size_t domains;
    const char *same[CLUSTERS_LEVELS][DOMAIN_KINDS]; /* of each level: names, NULL at the end */
    char *doubt[DOMAIN_DOUBTS];                      /* where the two disagree, a sentence each */
    size_t doubts;
};

/* 0 or -ENOMEM. */
int matrix_domains_build(const struct matrix_results *results, struct matrix_domains *out);
void matrix_domains_fini(struct matrix_domains *domains); /* safe when zeroed */

/* "0-3 | 4-7", cut with "..." after some. The caller frees it; NULL when out of memory. */
char *matrix_groups_format(const struct matrix_plan *plan, const unsigned *of, size_t count);

#endif
