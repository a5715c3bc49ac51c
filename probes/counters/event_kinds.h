/* SPDX-License-Identifier: MIT
 * Tries events on a core of each kind that a hybrid machine has: an event can be opened anywhere,
 * but counts on the cores of its PMU only. On other machines, tries them where the thread is. */
#ifndef PROBES_COUNTERS_EVENT_KINDS_H
#define PROBES_COUNTERS_EVENT_KINDS_H

#include "probes/counters/counters.h"

/* Tries one way to count the role, without the other roles, and proves its events; sets
 * role->proven or role->why. 0, or -errno. The calling thread is moved meanwhile. */
int event_kinds_try(
    const struct backend *backend, const struct event_line *line, struct counters_role *role);
/* backend->fit for the events of each kind of core: those of two kinds never count at once. */
void event_kinds_fit(const struct backend *backend, struct backend_event *event, size_t events);
/* A cpu of a kind of core on which none of the line's events counts; -1 where there is none. */
int event_kinds_lacking(const struct event_line *line);

#endif
