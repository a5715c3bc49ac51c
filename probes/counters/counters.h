/* SPDX-License-Identifier: MIT
 * What is counted in addition to the time: roles, the events that play them here, and their counts
 * in a window. A count that is unavailable is SAMPLE_NONE and has a reason; a zero is reported only
 * for an event that is known to count. */
#ifndef PROBES_COUNTERS_COUNTERS_H
#define PROBES_COUNTERS_COUNTERS_H

#include "base/event_set.h"
#include "base/topology.h"
#include "probes/counters/backend.h"

/* A count that ran for a smaller share of its window is not scaled up but left out. */
#define COUNTERS_SHARE_MIN 0.1

struct event_answers; /* event_answers.h */

/* A requested role, and whether it is counted. */
struct counters_role {
    enum event_role role;
    struct event_line line; /* its events here; no terms: there are none */
    size_t event[EVENT_TERMS];
    bool counted; /* else `why` */
    bool unknown; /* since it is an event that does not exist, here or not */
    bool proven;  /* it has counted something, so that its zeros can be trusted */
    struct err why;
};

struct counters {
    const char *root;                  /* as in sysfile.h */
    const struct event_answers *given; /* NULL: this machine is asked */
    const struct backend *backend;     /* NULL with --counters none */
    char none[400];                    /* why it counts none of the hardware's events; "" */
    char cpu[96];                      /* the processors whose events these are; "" generic */
    struct event_set own, generic;
    struct counters_role role[EVENT_ROLES];
    size_t roles;
    struct backend_event event[BACKEND_EVENTS];
    size_t events;
    char *raw[EVENT_HARDWARE - EVENT_RAW1]; /* names of the user's own events */
};

/* What to count. */
struct counters_request {
    const char *root;    /* where /proc and /sys are; NULL: this machine's */
    const char *backend; /* "auto" or NULL: the preferred one; "none" counts nothing */
    const char *events;  /* comma list of roles and events; NULL: those of contested lines */
    const struct event_answers *given; /* those of a recorded machine; NULL: asks this one */
    bool software;                     /* also context switches and the like, by the backend */
};
/* Tries and proves each event on the calling thread. -EINVAL for an unknown name. When
 * nothing can be counted here, that is not an error: out->none and the roles have the reason. */
int counters_init(struct counters *out, const struct counters_request *request, struct err *err);
void counters_fini(struct counters *counters);
/* All hardware roles, as a value for `events`. */
extern const char counters_all_roles[];

/* Backend and events, and why roles are missing, for the CSV: at most `size` bytes. */
void counters_describe(const struct counters *counters, char *out, size_t size);
void counters_reasons(const struct counters *counters, char *out, size_t size);

/* A thread's counters. */
struct counters_thread;
/* For the target. NULL with err when nothing could be opened. */
struct counters_thread *counters_open(
    const struct counters *counters, const struct backend_target *target, struct err *err);
/* Whether this is the first of the cpus behind its L3, which counts for all of them (target.wide).
 * Where no L3 is known, each cpu counts its own. */
bool counters_is_first(const struct topology *topology, const unsigned *cpu, size_t index);
/* What the kernel counts for the calling thread without any permission: page faults, context
 * switches, and whether it left `cpu`. */
struct counters_thread *counters_open_software(unsigned cpu);
void counters_close(struct counters_thread *thread); /* NULL is safe, here and below */
/* The window. Both on the thread that is counted. */
void counters_begin(struct counters_thread *thread);
void counters_end(struct counters_thread *thread);
/* Writes the roles counted into count[] and share[] and leaves the others as they are. */
void counters_result(const struct counters_thread *thread, int64_t *count, double *share);
const char *counters_how(const struct counters_thread *thread);

/* Zeros of events that have never counted become SAMPLE_NONE; other counts prove their event. */
void counters_trust_zeros(struct counters *counters, int64_t *count);

#endif
