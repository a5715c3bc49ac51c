/* SPDX-License-Identifier: MIT
 * Before a zero is believed: a known workload, and what an event must read on it. Emulators and
 * hypervisors let events open that they do not count. */
#ifndef PROBES_COUNTERS_EVENT_PROOF_H
#define PROBES_COUNTERS_EVENT_PROOF_H

#include "probes/counters/backend.h"

/* What a known workload says of a role on the calling thread. `event` are its terms, fitted; sign
 * belongs to them. 0 and *proven when it counts, or when no workload here can tell (*proven false).
 * -ENODATA: it stays at zero, or miscounts. */
int event_proof_try(const struct backend *backend, enum event_role role,
    const struct backend_event *event, const int *sign, size_t events, bool *proven,
    struct err *err);

#endif
