/* SPDX-License-Identifier: MIT
 * Where and when samples come from: the cells that are equal in all rows of a run. */
#ifndef PROBES_TRIAL_PROVENANCE_H
#define PROBES_TRIAL_PROVENANCE_H

#include "base/sample.h"
#include "base/topology.h"
#include "machine/clock.h"
#include "machine/system/system.h"

struct provenance {
    struct system_info system;
    char id[24], started_at[24];
    const char *version; /* not owned */
    uint64_t seed;
};

/* Reads the machine's facts and names the run. */
void provenance_init(struct provenance *origin, const char *version, uint64_t seed);
/* Fills in machine, run and clock. The row borrows the strings of *origin. */
void provenance_describe(const struct provenance *origin, const char *instrument,
    const struct clock *clock, struct sample *row);
/* The row's cpu and where it lies. */
void provenance_describe_cpu(const struct topology_cpu *cpu, struct sample *row);

#endif
