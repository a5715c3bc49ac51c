/* SPDX-License-Identifier: MIT
 * A pattern with its replay: all findings of the program as they lie, or one that would happen at
 * another start. */
#ifndef CLI_DETECT_PRICE_SCENE_H
#define CLI_DETECT_PRICE_SCENE_H

#include "analysis/price/pattern.h"
#include "analysis/price/price.h"
#include "machine/topology.h"
#include "probes/replay/replay.h"

enum {
    PRICE_FINDINGS = 8,               /* that are priced, the worst */
    SCENE_FIXES = PRICE_FINDINGS + 1, /* each of them alone, and all of them */
};

struct price_scene {
    struct pattern pattern;
    struct replay *replay; /* NULL: not needed */
    bool paced;            /* a pace was searched for before: it is only to be kept */
    size_t fixes;
    uint32_t fix[SCENE_FIXES];      /* findings that are fixed at a time, one bit an item */
    bool shared_now;                /* the threads use each other's lines */
    bool shared_after[SCENE_FIXES]; /* with the fix, they still do */
    /* Times by pattern thread, in the memory of the first. */
    double *target_ns, *one_ns, *now_ns, *alone_ns, *fixed_ns[SCENE_FIXES];
};

/* After the pattern is built and the fixes are set; fills in shared_after. 0 or -ENOMEM; ended by
 * price_scene_fini, which is safe on a zeroed one. */
int price_scene_allocate(struct price_scene *scene);
void price_scene_fini(struct price_scene *scene);

/* Searches for the pace of the program and replays the scene as it is, with each fix, and with
 * nothing shared, in turn. Without a pace to be found in PATTERN_ALONE, in PATTERN_SHARED.
 * `latent`: the first fix is what the program has now, and sets the pace. */
void price_scene_measure(
    struct price_scene *scene, const struct price_program *program, bool latent);
struct price_times price_scene_times(const struct price_scene *scene, size_t fix);

#endif
