/* SPDX-License-Identifier: MIT
 * Workloads of one thread whose counts are known, exactly or at least. */
#include "probes/counters/proof.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include "base/arch/arch.h"
#include "probes/counters/counters.h"

enum {
    TIMES = 50000, /* of the known work: some 0.05 ms */
    LINES = 4096,  /* flushed and fetched again: some 0.5 ms */
    LINE = 256     /* apart, so that no prefetcher fetches the next one's */
};

/* What the role must read. */
static const struct expectation {
    double least, most; /* of known work; 0: it says nothing */
    double flushed;     /* at least, of lines flushed and then written */
} expectations[EVENT_HARDWARE] = {
    [EVENT_CYCLES] = {TIMES * 0.5, INFINITY, 0},
    /* Interrupts and the reading itself are a few hundred instructions. */
    [EVENT_INSTRUCTIONS] = {ARCH_KNOWN_INSTRUCTIONS * TIMES * 0.985,
        ARCH_KNOWN_INSTRUCTIONS ? ARCH_KNOWN_INSTRUCTIONS *TIMES * 1.015 : INFINITY, 0},
    [EVENT_LOADS] = {TIMES * 0.985, TIMES * 1.5, 0},
    [EVENT_STORES] = {TIMES * 0.985, TIMES * 1.5, 0},
    /* Prefetchers may take many of the fetches, but not nearly all. */
    [EVENT_RFO] = {0, 0, LINES / 16.0},
    [EVENT_L3_MISS] = {0, 0, LINES / 16.0},
    [EVENT_STALL_MEM] = {0, 0, LINES},
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

/* The role's count over one piece of work; NaN when it did not run. */
static double count(const struct backend *backend, const struct backend_event *event,
    const int *sign, size_t events, void (*work)(char *), char *place, struct err *err)
{
    const struct backend_target here = {.pid = 0, .cpu = -1, .wide = true};
    struct backend_value before[EVENT_TERMS], after[EVENT_TERMS];
    struct backend_set *set;
    double sum = 0;
    if (backend->open(event, events, &here, &set, err))
        return NAN;
    backend->read(set, before);
    work(place);
    backend->read(set, after);
    backend->close(set);
    for (size_t i = 0; i < events; i++) {
        if (!before[i].read || !after[i].read) {
            err_set(err, -ENODATA, "%s: cannot be read", event[i].name);
            return NAN;
        }
        sum += sign[i] * (double)(after[i].count - before[i].count);
    }
    return sum;
}

static int judge(
    const struct backend_event *event, double read, double least, double most, struct err *err)
{
    if (isnan(read))
        return -ENODATA;
    if (read == 0)
        return err_set(err, -ENODATA,
            "%s opens but reads 0 on work that it must see: the emulator or hypervisor does not "
            "count it",
            event->name);
    if (read < least || read > most)
        return err_set(err, -ENODATA, "%s reads %.0f on work of %.0f: it miscounts here",
            event->name, read, read < least ? least : most);
    return 0;
}

int proof_try(const struct backend *backend, enum event_role role,
    const struct backend_event *event, const int *sign, size_t events, bool *proven,
    struct err *err)
{
    const struct expectation *const e = &expectations[role < EVENT_HARDWARE ? role : 0];
    const bool known = role < EVENT_HARDWARE && e->most > 0, flushed = e->flushed > 0;
    *proven = role >= EVENT_HARDWARE; /* the kernel's own */
    if (!known && !flushed)
        return 0;
    char *const place = aligned_alloc(4096, (size_t)LINES * LINE);
    if (!place)
        return err_set(err, -ENOMEM, "out of memory for a self-test");
    for (size_t i = 0; i < LINES; i++)
        place[i * LINE] = 1; /* page faults now */
    int code = 0;
    if (known)
        code = judge(event, count(backend, event, sign, events, work_known, place, err), e->least,
            e->most, err);
    else if (arch_flush(place))
        code = judge(event, count(backend, event, sign, events, work_flushed, place, err),
            e->flushed, INFINITY, err);
    *proven = code == 0 && (known || arch_flush(place));
    free(place);
    return code;
}
