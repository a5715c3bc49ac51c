/* SPDX-License-Identifier: MIT
 * A session of `numaprobe ab` as plain structs: what each run of each program took. probes/ab
 * fills it, analysis/ab reads it, from the session or from its CSV. */
#ifndef BASE_AB_H
#define BASE_AB_H

#include "base/event.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AB_PROGRAMS = 4,
    AB_SLOTS = AB_PROGRAMS + 1 /* the programs, then the control: the first one again */
};

enum ab_measure {
    AB_WALL,
    AB_CPU,
    AB_MEMORY,
    AB_SWITCHES,
    AB_METRIC,
    AB_EVENT, /* the hardware roles, in the order of enum event_role */
    AB_MEASURES = AB_EVENT + EVENT_HARDWARE
};

struct ab_run {
    unsigned block, order; /* order: place in the block */
    unsigned slot;         /* a program, or the number of programs for the control */
    bool accepted;         /* its block was not disturbed */
    const char *reject_reason;
    double value[AB_MEASURES];         /* s, bytes, counts, as printed; NaN: not measured */
    double canary_ns, canary_after_ns; /* the loop; see probes/ab/ab_canary.h */
    double round_trip_ns;              /* of the ping-pong after the block; NaN: one cpu */
};

/* "a", "b", ..., "control". */
static inline const char *ab_slot_name(unsigned slot, unsigned programs)
{
    static const char *const names[AB_PROGRAMS] = {"a", "b", "c", "d"};
    return slot < programs && slot < AB_PROGRAMS ? names[slot] : "control";
}

/* Texts are borrowed. */
struct ab_session {
    const char *id, *started_at, *host, *cpu_model, *kernel, *version, *cpus;
    const char *counters; /* backend and events; "" or NULL: none were asked for */
    uint64_t seed;
    unsigned programs;
    const char *command[AB_PROGRAMS];
    struct ab_run *run; /* owned; grows by base/grow.h */
    size_t runs;
};

#endif
