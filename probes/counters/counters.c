/* SPDX-License-Identifier: MIT
 * A thread's counters and their window: from the values of events to the counts of roles. Events
 * are chosen in event_choice.c. */
#include "probes/counters/counters.h"

#include "base/sample.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct counters_thread {
    const struct backend *backend;
    const struct counters_role *role;
    size_t roles, events;
    struct backend_set *set;
    struct backend_value before[BACKEND_EVENTS], after[BACKEND_EVENTS];
};

struct counters_thread *counters_open(
    const struct counters *counters, const struct backend_target *target, struct err *err)
{
    if (!counters->backend || counters->events == 0)
        return NULL;
    struct counters_thread *thread = calloc(1, sizeof *thread);
    if (!thread) {
        err_set(err, -ENOMEM, "out of memory for counters");
        return NULL;
    }
    thread->backend = counters->backend;
    thread->role = counters->role;
    thread->roles = counters->roles;
    thread->events = counters->events;
    if (thread->backend->open(counters->event, thread->events, target, &thread->set, err) == 0)
        return thread;
    free(thread);
    return NULL;
}

void counters_close(struct counters_thread *thread)
{
    if (!thread)
        return;
    thread->backend->close(thread->set);
    free(thread);
}

struct counters_thread *counters_open_software(unsigned cpu)
{
    static const struct backend_event event[] = {{.name = "context-switches", .fits = true},
        {.name = "cpu-migrations", .fits = true}, {.name = "page-faults", .fits = true}};
    static const struct counters_role role[] = {
        {.role = EVENT_CONTEXT_SWITCHES,
            .line = {.term = {{.sign = 1}}, .terms = 1},
            .event = {0},
            .counted = true},
        {.role = EVENT_MIGRATIONS,
            .line = {.term = {{.sign = 1}}, .terms = 1},
            .event = {1},
            .counted = true},
        {.role = EVENT_PAGE_FAULTS,
            .line = {.term = {{.sign = 1}}, .terms = 1},
            .event = {2},
            .counted = true},
    };
    const struct backend_target target = {.pid = 0, .cpu = (int)cpu};
    struct counters_thread *thread = calloc(1, sizeof *thread);
    if (!thread)
        return NULL;
    *thread =
        (struct counters_thread){.backend = &backend_rusage, .role = role, .roles = 3, .events = 3};
    if (thread->backend->open(event, 3, &target, &thread->set, NULL) == 0)
        return thread;
    free(thread);
    return NULL;
}

bool counters_is_first(const struct topology *topology, const unsigned *cpu, size_t index)
{
    const int l3 = topology_cpu(topology, cpu[index])->l3;
    for (size_t i = 0; i < index && l3 >= 0; i++)
        if (topology_cpu(topology, cpu[i])->l3 == l3)
            return false;
    return true;
}

void counters_begin(struct counters_thread *thread)
{
    if (thread)
        thread->backend->read(thread->set, thread->before);
}

void counters_end(struct counters_thread *thread)
{
    if (thread)
        thread->backend->read(thread->set, thread->after);
}

const char *counters_how(const struct counters_thread *thread)
{
    return thread ? thread->backend->how(thread->set) : "";
}

/* Share of the window that an event ran; NaN when it was not read, or was taken off its counter for
 * an unknown time. */
static double share_of(const struct backend_value *before, const struct backend_value *after)
{
    if (!before->read || !after->read || before->by_kernel != after->by_kernel)
        return NAN;
    if (!before->by_kernel)
        return before->session == after->session ? 1 : NAN;
    const double enabled = (double)(after->enabled_ns - before->enabled_ns);
    const double running = (double)(after->running_ns - before->running_ns);
    return enabled > 0 ? fmin(running / enabled, 1) : NAN;
}

/* Returns the least share of the terms, and in *sum their scaled count. On a hybrid processor those
 * of the other kinds of cores add nothing; a role with none of this kind is not counted. */
static double role_count(
    const struct counters_thread *thread, const struct counters_role *role, double *sum)
{
    double least = NAN;
    *sum = 0;
    for (size_t i = 0; i < role->line.terms; i++) {
        const struct backend_value *before = &thread->before[role->event[i]];
        const struct backend_value *after = &thread->after[role->event[i]];
        const double share = share_of(before, after);
        if (before->elsewhere)
            continue;
        if (isnan(share))
            return NAN;
        *sum += role->line.term[i].sign * (double)(after->count - before->count) / share;
        least = fmin(least, share);
    }
    return least;
}

void counters_result(const struct counters_thread *thread, int64_t *count, double *share)
{
    for (size_t i = 0; thread && i < thread->roles; i++) {
        const struct counters_role *const role = &thread->role[i];
        double sum;
        if (!role->counted)
            continue;
        const double ran = role_count(thread, role, &sum);
        if (role->role < EVENT_HARDWARE)
            share[role->role] = ran;
        /* A difference of two events may fall below zero, since they are not read at the same time.
         */
        if (ran >= COUNTERS_SHARE_MIN && sum >= 0)
            count[role->role] = llround(sum);
    }
}

void counters_trust_zeros(struct counters *counters, int64_t *count)
{
    for (size_t i = 0; i < counters->roles; i++) {
        struct counters_role *const role = &counters->role[i];
        int64_t *const c = &count[role->role];
        role->proven = role->proven || *c > 0;
        if (*c == 0 && !role->proven)
            *c = SAMPLE_NONE;
    }
}
