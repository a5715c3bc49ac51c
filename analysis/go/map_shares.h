/* SPDX-License-Identifier: MIT
 * Which share of its threads' time a Go program spends on which map, and where: counted samples. */
#ifndef ANALYSIS_GO_MAP_SHARES_H
#define ANALYSIS_GO_MAP_SHARES_H

#include "analysis/go/map_use.h"

#include <stddef.h>

struct map_shares;                               /* opaque */
struct map_shares *map_shares_new(void);         /* NULL: out of memory */
void map_shares_free(struct map_shares *shares); /* NULL is safe */
/* Was a sample of the same operation, map and place added? */
bool map_shares_has(
    const struct map_shares *shares, unsigned process, const struct go_map_use *use);
/* One sample of a thread that is in an operation. 0 or -ENOMEM. */
int map_shares_add(struct map_shares *shares, unsigned process, const struct go_map_use *use);
/* Ends a group of `samples`, in operations or not, that are close together in time. */
void map_shares_end_group(struct map_shares *shares, uint64_t samples);
/* How many times the variance of shares is that of as many samples without groups: a program does
 * what it did a moment ago, and samples may be in step with its rhythm (Kish, Survey Sampling,
 * 1965: the design effect). 1 at least. */
double map_shares_design_effect(const struct map_shares *shares);

struct map_site {
    uint64_t site;
    const char *operation;
    uint64_t samples;
};
struct map_share {
    unsigned process;
    enum go_map_kind kind;
    uint64_t map;          /* 0: samples of which it is not known */
    uint64_t global, type; /* 0: not known */
    uint64_t samples;
    struct map_site *site; /* those with the most samples first */
    size_t sites;
};
struct map_share_list {
    struct map_share *map; /* those with the most samples first */
    size_t maps;
};
/* Samples whose map is not known are those of the only map that was seen at their place, where
 * there is just one. Ended by map_share_list_fini. 0 or -ENOMEM. */
int map_shares_list(const struct map_shares *shares, struct map_share_list *out);
void map_share_list_fini(struct map_share_list *list); /* zeros are safe */

#endif
