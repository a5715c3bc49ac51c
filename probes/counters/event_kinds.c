/* SPDX-License-Identifier: MIT
 * The calling thread visits a core of each kind and tries what counts there. */
#include "probes/counters/event_kinds.h"

#include "base/cpuset.h"
#include "probes/counters/event_proof.h"
#include "probes/counters/uarch.h"

#include <errno.h>
#include <sched.h>

static int visit_cpu(
    unsigned cpu, cpu_set_t *one, size_t bytes, int (*visit)(void *), void *context)
{
    CPU_ZERO_S(bytes, one);
    CPU_SET_S(cpu, bytes, one);
    return sched_setaffinity(0, bytes, one) == 0 ? visit(context) : -errno;
}

/* Calls visit(context) on a cpu of each kind in turn, then lets the thread run where it might
 * before. Ends with the first result that is not 0, and returns it. */
static int visit_kinds(int (*visit)(void *context), void *context)
{
    unsigned cpu[UARCH_KINDS];
    const size_t kinds = uarch_kinds("", cpu), bytes = CPU_ALLOC_SIZE(CPUSET_MAX);
    if (kinds == 0)
        return visit(context);
    cpu_set_t *const before = CPU_ALLOC(CPUSET_MAX), *const one = CPU_ALLOC(CPUSET_MAX);
    const bool known = before && one && sched_getaffinity(0, bytes, before) == 0;
    int code = known ? 0 : -ENOMEM;
    for (size_t i = 0; i < kinds && !code; i++)
        code = visit_cpu(cpu[i], one, bytes, visit, context);
    if (known)
        sched_setaffinity(0, bytes, before);
    CPU_FREE(before);
    CPU_FREE(one);
    return code;
}

static bool serves_here(const char *event)
{
    return uarch_serves("", event, sched_getcpu());
}

/* One way to count a role, tried without the other roles. */
struct attempt {
    const struct backend *backend;
    struct counters_role *role;
    const struct event_line *line;
    bool everything; /* the other kinds' events too */
    size_t kinds;    /* that some of the events count on */
    bool proven;     /* on all of those */
};

static int try_terms(struct attempt *a, struct backend_event *event, const int *sign, size_t terms)
{
    struct counters_role *const role = a->role;
    bool proven;
    a->backend->fit(event, terms);
    for (size_t i = 0; i < terms; i++)
        if (!event[i].fits) {
            role->why = event[i].why;
            role->unknown = event[i].unknown;
            return -ENOENT;
        }
    const int code =
        event_proof_try(a->backend, role->role, event, sign, terms, &proven, &role->why);
    a->proven = proven && (a->proven || a->kinds == 0);
    a->kinds++;
    return code;
}

static int try_here(void *context)
{
    struct attempt *const a = context;
    struct backend_event event[EVENT_TERMS] = {{0}};
    int sign[EVENT_TERMS];
    size_t terms = 0;
    for (size_t i = 0; i < a->line->terms; i++) {
        const struct event_term *const term = &a->line->term[i];
        if (!a->everything && !serves_here(term->name))
            continue;
        event[terms] = (struct backend_event){.name = term->name, .scope = a->line->scope};
        sign[terms++] = term->sign;
    }
    return terms ? try_terms(a, event, sign, terms) : 0;
}

/* Events of which no core here is the kind are tried as well, for the reason that the kernel has.
 */
int event_kinds_try(
    const struct backend *backend, const struct event_line *line, struct counters_role *role)
{
    struct attempt a = {.backend = backend, .role = role, .line = line};
    int code = visit_kinds(try_here, &a);
    a.everything = a.kinds == 0;
    if (!code && a.everything)
        code = try_here(&a);
    role->proven = a.proven;
    return code;
}

/* Of all events, those that the visited kind counts. */
struct fitting {
    const struct backend *backend;
    struct backend_event *event;
    size_t events;
};

static int fit_here(void *context)
{
    const struct fitting *const f = context;
    struct backend_event event[BACKEND_EVENTS];
    size_t from[BACKEND_EVENTS] = {0}, events = 0;
    for (size_t i = 0; i < f->events; i++)
        if (serves_here(f->event[i].name)) {
            from[events] = i;
            event[events++] = f->event[i];
        }
    f->backend->fit(event, events);
    for (size_t i = 0; i < events; i++)
        if (f->event[from[i]].fits) /* on the kinds before */
            f->event[from[i]] = event[i];
    return 0;
}

void event_kinds_fit(const struct backend *backend, struct backend_event *event, size_t events)
{
    struct fitting f = {backend, event, events};
    for (size_t i = 0; i < events; i++)
        event[i].fits = true; /* until a kind that it counts on refuses it */
    visit_kinds(fit_here, &f);
}

int event_kinds_lacking(const struct event_line *line)
{
    unsigned cpu[UARCH_KINDS];
    const size_t kinds = uarch_kinds("", cpu);
    for (size_t k = 0; k < kinds; k++) {
        bool any = false;
        for (size_t i = 0; i < line->terms; i++)
            any = any || uarch_serves("", line->term[i].name, (int)cpu[k]);
        if (!any)
            return (int)cpu[k];
    }
    return -1;
}
