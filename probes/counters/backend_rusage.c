/* SPDX-License-Identifier: MIT
 * What the kernel accounts to each thread without permission or descriptor. perf's software events
 * would need perf_event_paranoid below 2: a context switch happens in the kernel, which an ordinary
 * user's events leave out, so that they read 0. */
#include "probes/counters/backend.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct backend_set {
    const struct backend_event *event;
    size_t events;
    int cpu;
    uint64_t away; /* reads that found the thread elsewhere */
};

typedef uint64_t counter(struct backend_set *set, const struct rusage *usage);

static uint64_t count_switches(struct backend_set *set, const struct rusage *usage)
{
    (void)set;
    return (uint64_t)(usage->ru_nvcsw + usage->ru_nivcsw);
}

static uint64_t count_faults(struct backend_set *set, const struct rusage *usage)
{
    (void)set;
    return (uint64_t)(usage->ru_minflt + usage->ru_majflt);
}

/* A pinned thread moves only when its cpu goes. */
static uint64_t count_moves(struct backend_set *set, const struct rusage *usage)
{
    (void)usage;
    set->away += sched_getcpu() != set->cpu;
    return set->away;
}

static const struct known {
    const char *name;
    counter *count;
} known[] = {{"context-switches", count_switches}, {"cpu-migrations", count_moves},
    {"page-faults", count_faults}};

static const struct known *find_known(const char *name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0)
            return &known[i];
    return NULL;
}

static int rusage_ready(struct err *err)
{
    return err_set(err, -ENODEV, "rusage: counts no hardware events");
}

static void rusage_fit(struct backend_event *event, size_t events)
{
    for (size_t i = 0; i < events; i++) {
        event[i].fits = find_known(event[i].name) != NULL;
        event[i].group = 0;
        if (!event[i].fits)
            err_set(&event[i].why, -ENOENT, "%s: the kernel does not account it", event[i].name);
    }
}

static int rusage_open(const struct backend_event *event, size_t events,
    const struct backend_target *target, struct backend_set **out, struct err *err)
{
    if (target->pid != 0)
        return err_set(err, -ENOTSUP, "rusage: accounts the calling thread only");
    struct backend_set *set = calloc(1, sizeof *set);
    if (!set)
        return err_set(err, -ENOMEM, "out of memory for counters");
    *set = (struct backend_set){.event = event, .events = events, .cpu = target->cpu};
    *out = set;
    return 0;
}

static void rusage_read(struct backend_set *set, struct backend_value *value)
{
    struct rusage usage;
    const bool read = getrusage(RUSAGE_THREAD, &usage) == 0;
    for (size_t i = 0; i < set->events; i++) {
        const struct known *const k = find_known(set->event[i].name);
        value[i] = (struct backend_value){
            .read = read && k, .count = read && k ? k->count(set, &usage) : 0};
    }
}

static void rusage_close(struct backend_set *set)
{
    free(set);
}

static const char *rusage_how(const struct backend_set *set)
{
    (void)set;
    return "getrusage()";
}

const struct backend backend_rusage = {
    .name = "rusage",
    .summary = "the kernel's own account of each thread: software events only",
    .preference = -1,
    .ready = rusage_ready,
    .fit = rusage_fit,
    .open = rusage_open,
    .read = rusage_read,
    .close = rusage_close,
    .how = rusage_how,
};
