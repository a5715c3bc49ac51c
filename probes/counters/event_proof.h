/* SPDX-License-Identifier: MIT
 * Known workloads, and what an event must count on them before its zeros can be trusted. Emulators
 * and hypervisors let events open that they do not count. */
#ifndef PROBES_COUNTERS_EVENT_PROOF_H
#define PROBES_COUNTERS_EVENT_PROOF_H

#include "probes/counters/backend.h"

/* Tests a role on the calling thread. `event` are its terms, fitted; `sign` their signs. 0 with
 * *proven when it counts; 0 without when no workload here can show that. -ENODATA with err: it
 * stays at zero, or miscounts. */
int event_proof_try(const struct backend *backend, enum event_role role,
    const struct backend_event *event, const int *sign, size_t events, bool *proven,
    struct err *err);

#endif
