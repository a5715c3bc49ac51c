/* SPDX-License-Identifier: MIT
 * Workloads of one thread whose counts are known, exactly or at least. */
#include "probes/counters/event_proof.h"

#include "machine/clock.h"
#include "probes/counters/counters.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum {
    TIMES = 50000, /* of the known work: some 0.05 ms */
    LINES = 4096,  /* flushed and fetched again: some 0.5 ms */
    LINE = 256     /* apart, so that no prefetcher fetches the next one's */
};

/* The count that a role must have. */
static const struct expectation {
    double least, most; /* for known work; 0: unknown */
    double flushed;     /* at least, for lines flushed and then written */
} expectations[EVENT_HARDWARE] = {
    [EVENT_CYCLES] = {TIMES * 0.5, INFINITY, 0},
    /* Interrupts and the reading itself are a few hundred instructions. */
    [EVENT_INSTRUCTIONS] = {ARCH_KNOWN_INSTRUCTIONS * TIMES * 0.985,
        ARCH_KNOWN_INSTRUCTIONS ? ARCH_KNOWN_INSTRUCTIONS *TIMES * 1.015 : INFINITY, 0},
    [EVENT_LOADS] = {TIMES * 0.985, TIMES * 1.5, 0},
    [EVENT_STORES] = {TIMES * 0.985, TIMES * 1.5, 0},
    /* Prefetchers may do many of the fetches, but not nearly all. */
    [EVENT_RFO] = {0, 0, LINES / 16.0},
    [EVENT_L3_MISS] = {0, 0, LINES / 16.0},
    [EVENT_STALL_MEM] = {0, 0, LINES},
};

/* One role's test. */
struct proof {
    const struct backend *backend;
    const struct backend_event *event;
    const int *sign;
    size_t events;
    struct backend_set *set;
    struct err *err;
};

static void work_known(char *place)
{
    arch_known_work((uint64_t *)(void *)place, TIMES);
}

/* Backwards and out of step, since a prefetcher would follow a stride. */
static void work_flushed(char *place)
{
    for (size_t i = 0, at = 0; i < LINES; i++, at = (at + 2749) % LINES) {
        volatile uint64_t *const word = (volatile uint64_t *)(void *)(place + at * LINE);
        arch_flush((const void *)word);
        *word = *word + 1; /* a load for the events that see loads, then a store */
    }
    for (size_t i = 0, at = 0; i < LINES; i++, at = (at + 2749) % LINES) {
        volatile uint64_t *const word = (volatile uint64_t *)(void *)(place + at * LINE);
        arch_flush((const void *)word);
        *word = i; /* a store alone, which has to ask for ownership */
    }
}

/* Whether the event was on its counter all the time in between. */
static bool ran_on(const struct backend_value *before, const struct backend_value *after)
{
    if (!before->by_kernel || !after->by_kernel)
        return before->by_kernel == after->by_kernel && before->session == after->session;
    return after->running_ns - before->running_ns == after->enabled_ns - before->enabled_ns;
}

/* The role's count over one run of the work. While other users take turns on the counters, it may
 * have to wait for its turn, so it is repeated for a while; -EBUSY when that was not enough. */
static int count_work(const struct proof *p, void (*work)(char *), char *place, double *sum)
{
    struct backend_value before[EVENT_TERMS], after[EVENT_TERMS];
    const uint64_t began = clock_raw_ns();
    do {
        bool whole = true;
        p->backend->read(p->set, before);
        work(place);
        p->backend->read(p->set, after);
        *sum = 0;
        for (size_t k = 0; k < p->events; k++) {
            if (!before[k].read || !after[k].read)
                return err_set(p->err, -ENODATA, "%s: cannot be read", p->event[k].name);
            whole = whole && ran_on(&before[k], &after[k]);
            *sum += p->sign[k] * (double)(after[k].count - before[k].count);
        }
        if (whole)
            return 0;
    } while (clock_raw_ns() - began < BACKEND_WAIT_NS);
    return -EBUSY;
}

static int judge_count(const struct proof *p, double read, double least, double most)
{
    const char *const name = p->event->name;
    if (read == 0)
        return err_set(p->err, -ENODATA,
            "%s opens but reads 0 on work that it must see: the emulator or hypervisor does not "
            "count it",
            name);
    if (read < least || read > most)
        return err_set(p->err, -ENODATA, "%s reads %.0f on work of %.0f: it miscounts here", name,
            read, read < least ? least : most);
    return 0;
}

static int measure_work(
    const struct proof *p, const struct expectation *e, char *place, bool *proven)
{
    const bool known = e->most > 0;
    double read;
    if (!known && !arch_flush(place))
        return 0;
    const int code = count_work(p, known ? work_known : work_flushed, place, &read);
    if (code)
        return code == -EBUSY ? 0 : code;
    const int judged = known ? judge_count(p, read, e->least, e->most)
                             : judge_count(p, read, e->flushed, INFINITY);
    *proven = judged == 0;
    return judged;
}

int event_proof_try(const struct backend *backend, enum event_role role,
    const struct backend_event *event, const int *sign, size_t events, bool *proven,
    struct err *err)
{
    const struct backend_target here = {.pid = 0, .cpu = -1, .wide = true};
    struct proof p = {backend, event, sign, events, NULL, err};
    *proven = role >= EVENT_HARDWARE; /* the kernel's own */
    if (*proven || (expectations[role].most == 0 && expectations[role].flushed == 0))
        return 0;
    char *const place = aligned_alloc(4096, (size_t)LINES * LINE);
    if (!place)
        return err_set(err, -ENOMEM, "out of memory for a self-test");
    for (size_t i = 0; i < LINES; i++)
        place[i * LINE] = 1; /* page faults now */
    int code = backend->open(event, events, &here, &p.set, err);
    if (!code) {
        code = measure_work(&p, &expectations[role], place, proven);
        backend->close(p.set);
    }
    free(place);
    return code;
}
