/* SPDX-License-Identifier: MIT
 * Counting through perf_event_open: groups of events for a thread, a process and its children, or a
 * cpu; read in user space where the kernel allows it (linux/perf_event.h, struct
 * perf_event_mmap_page). */
#include "probes/counters/backend.h"

#include "base/arch/arch.h"
#include "probes/counters/perf_fit.h"
#include "probes/counters/perf_name.h"
#include "probes/counters/perf_open.h"
#include "probes/counters/uarch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern const struct backend backend_perf;

struct backend_set {
    size_t events;
    bool by_user;
    struct slot {
        int fd; /* -1: not open */
        bool elsewhere;
        struct perf_event_mmap_page *page;
    } slot[];
};

static bool read_kernel(int fd, struct backend_value *value)
{
    uint64_t read_into[3] = {0};
    if (read(fd, read_into, sizeof read_into) != (ssize_t)sizeof read_into)
        return false;
    *value = (struct backend_value){.read = true,
        .by_kernel = true,
        .count = read_into[0],
        .enabled_ns = read_into[1],
        .running_ns = read_into[2]};
    return true;
}

/* False while the event is not on a counter. The lock is a seqlock that the kernel writes only on
 * this cpu, so that only the compiler must not reorder. */
static bool read_user(const struct perf_event_mmap_page *page, struct backend_value *value)
{
    uint32_t lock;
    do {
        lock = __atomic_load_n(&page->lock, __ATOMIC_RELAXED);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        const uint32_t index = __atomic_load_n(&page->index, __ATOMIC_RELAXED);
        const int64_t offset = __atomic_load_n(&page->offset, __ATOMIC_RELAXED);
        const unsigned spare = 64u - page->pmc_width;
        if (index == 0 || page->pmc_width == 0)
            return false;
        /* The counter is narrower than 64 bits, and signed. */
        const int64_t counter = (int64_t)(arch_counter(index - 1) << spare) >> spare;
        *value = (struct backend_value){
            .read = true, .count = (uint64_t)(offset + counter), .session = lock};
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    } while (__atomic_load_n(&page->lock, __ATOMIC_RELAXED) != lock);
    return true;
}

static void perf_read(struct backend_set *set, struct backend_value *value)
{
    for (size_t i = 0; i < set->events; i++) {
        const struct slot *slot = &set->slot[i];
        value[i] = (struct backend_value){.elsewhere = slot->elsewhere};
        if (slot->fd >= 0 && !(set->by_user && read_user(slot->page, &value[i])))
            read_kernel(slot->fd, &value[i]);
    }
}

static void perf_close(struct backend_set *set)
{
    for (size_t i = 0; set && i < set->events; i++) {
        if (set->slot[i].page)
            munmap(set->slot[i].page, (size_t)sysconf(_SC_PAGESIZE));
        if (set->slot[i].fd >= 0)
            close(set->slot[i].fd);
    }
    free(set);
}

/* Reads in user space must agree with the kernel's. */
static bool maps_user(struct slot *slot)
{
    struct backend_value before, kernel, after;
    void *const page =
        mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, slot->fd, 0);
    if (page == MAP_FAILED)
        return false;
    slot->page = page;
    return slot->page->cap_user_rdpmc && read_user(slot->page, &before) &&
           read_kernel(slot->fd, &kernel) && read_user(slot->page, &after) &&
           before.count <= kernel.count && kernel.count <= after.count;
}

/* Several groups take turns, whose times only the kernel knows. */
static bool try_user(struct backend_set *set, const struct backend_event *event)
{
    const struct backend_event *first = NULL;
    for (size_t i = 0; i < set->events; i++) {
        if (set->slot[i].elsewhere)
            continue;
        first = first ? first : &event[i];
        if (!arch_has_counters() || set->slot[i].fd < 0 || event[i].scope != EVENT_THREAD ||
            event[i].group != first->group || !maps_user(&set->slot[i]))
            return false;
    }
    return first != NULL;
}

static int leader_of(const struct backend_set *set, const struct backend_event *event, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (event[i].group == event[index].group && set->slot[i].fd >= 0)
            return set->slot[i].fd;
    return -1;
}

static bool serves_target(const struct backend_event *event, const struct backend_target *target)
{
    if (!event->fits)
        return false;
    return event->scope == EVENT_THREAD || (target->wide && target->pid <= 0);
}

/* A program that runs on cores of several kinds would need each event once for each kind, of which
 * the kernel counts one at a time. */
static bool is_anywhere(const struct backend_event *event, int cpu)
{
    unsigned kinds[UARCH_KINDS];
    struct perf_event_attr attr;
    return cpu < 0 && uarch_kinds("", kinds) > 0 &&
           perf_name_encode(event->name, &attr, NULL) == 0 && attr.type != PERF_TYPE_SOFTWARE;
}

static bool is_elsewhere(
    const struct backend_event *event, const struct backend_target *target, struct err *err)
{
    const int cpu = perf_target_cpu(target);
    if (event->scope != EVENT_THREAD)
        return false;
    if (!is_anywhere(event, cpu))
        return !uarch_serves("", event->name, cpu);
    err_set(err, -EOPNOTSUPP,
        "the cores here are of several kinds, each with a PMU: name cpus with --cpus");
    return true;
}

static int open_named(const struct backend_event *event, const struct backend_target *target,
    int leader, struct err *err)
{
    struct perf_event_attr attr;
    const int code = perf_name_encode(event->name, &attr, err);
    if (code)
        return code;
    const int fd = perf_open_event(event, target, leader, &attr);
    return fd < 0 ? perf_explain(fd, err) : fd;
}

static int perf_open(const struct backend_event *event, size_t events,
    const struct backend_target *target, struct backend_set **out, struct err *err)
{
    struct backend_set *set = calloc(1, sizeof *set + events * sizeof set->slot[0]);
    if (!set)
        return err_set(err, -ENOMEM, "out of memory for %zu counters", events);
    int code = 0;
    bool any = false;
    set->events = events;
    for (size_t i = 0; i < events; i++) {
        struct slot *slot = &set->slot[i];
        slot->fd = -1;
        if (!serves_target(&event[i], target))
            continue;
        slot->elsewhere = is_elsewhere(&event[i], target, err);
        if (slot->elsewhere)
            continue;
        const int fd = open_named(&event[i], target, leader_of(set, event, i), err);
        code = fd < 0 ? fd : code;
        slot->fd = fd < 0 ? -1 : fd;
        any = any || fd >= 0;
    }
    if (!any && code) {
        perf_close(set);
        return code;
    }
    set->by_user = target->pid == 0 && !target->from_exec && try_user(set, event);
    *out = set;
    return 0;
}

static const char *perf_how(const struct backend_set *set)
{
    return set->by_user ? "read in user space" : "read()";
}

static int perf_ready(struct err *err)
{
    static const char *const tries[] = {"cycles", "instructions"};
    static const struct backend_target here = {.pid = 0, .cpu = -1};
    int code = 0;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        const struct backend_event event = {.name = tries[i]};
        struct perf_event_attr attr;
        perf_name_encode(tries[i], &attr, NULL);
        const int fd = perf_open_event(&event, &here, -1, &attr);
        if (fd >= 0) {
            close(fd);
            return 0;
        }
        code = perf_explain(fd, err);
    }
    return code;
}

static void perf_fit_groups(struct backend_event *event, size_t events)
{
    perf_fit(&backend_perf, event, events);
}

const struct backend backend_perf = {
    .name = "perf",
    .summary = "the kernel's perf_event",
    .preference = 2,
    .ready = perf_ready,
    .fit = perf_fit_groups,
    .open = perf_open,
    .read = perf_read,
    .close = perf_close,
    .how = perf_how,
};
