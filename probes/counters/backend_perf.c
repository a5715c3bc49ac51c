/* SPDX-License-Identifier: MIT
 * Counting through perf_event_open: groups of events for a thread, a process and its children, or a
 * cpu; read in user space where the kernel allows it (linux/perf_event.h, struct
 * perf_event_mmap_page). */
#include "probes/counters/backend.h"
#include "probes/counters/perf_name.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/arch/arch.h"
#include "probes/system/sysfile.h"

struct backend_set {
    size_t events;
    bool by_user;
    struct slot {
        int fd; /* -1: not open */
        struct perf_event_mmap_page *page;
    } slot[];
};

static int64_t sysctl(const char *path, int64_t otherwise)
{
    int64_t value;
    return sysfile_i64("", path, &value) ? value : otherwise;
}

static int explain_forbidden(struct err *err)
{
    return err_set(err, -EACCES,
        "forbidden: perf_event_paranoid is %" PRId64
        " (sudo sysctl kernel.perf_event_paranoid=1, or CAP_PERFMON; whole cpus and L3s need 0)",
        sysctl("/proc/sys/kernel/perf_event_paranoid", 2));
}

static int explain(int code, struct err *err)
{
    static const struct {
        int code;
        const char *text;
    } known[] = {
        {-ENOENT, "the kernel has no such event here; virtual machines seldom pass the PMU on, "
                  "bare metal has it"},
        {-ENODEV, "no PMU here that has it"},
        {-EINVAL, "the kernel does not take this event as asked for"},
        {-EOPNOTSUPP, "the PMU that is here cannot count it"},
        {-EBUSY, "somebody else holds the counters"},
        {-ENOSPC, "no counter is left for it"},
        {-ENOSYS, "this kernel has no perf events"},
        {-EMFILE, "out of file descriptors; raise 'ulimit -n'"},
        {-ENFILE, "the system is out of file descriptors"},
        {-ESRCH, "the process is gone"},
    };
    if (code == -EACCES || code == -EPERM)
        return explain_forbidden(err);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return err_set(err, code, "%s", known[i].text);
    return err_set(err, code, "%s", strerror(-code));
}

/* As perf does: many threads times many events are more than the usual soft limit of 1,024. */
static bool raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
        return false;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static int open_attr(struct perf_event_attr *attr, int pid, int cpu, int leader)
{
    do {
        const long fd = syscall(SYS_perf_event_open, attr, pid, cpu, leader, PERF_FLAG_FD_CLOEXEC);
        if (fd >= 0)
            return (int)fd;
    } while (errno == EMFILE && raise_limit());
    return -errno;
}

/* The kernel must be asked at open for reads from user space; where it refuses, then without. */
static int open_event(const struct backend_event *event, const struct backend_target *target,
    int leader, struct perf_event_attr *attr)
{
    const bool thread = event->scope == EVENT_THREAD;
    const int pid = thread ? target->pid : -1;
    const int cpu = pid >= 0 ? -1 : target->cpu >= 0 ? target->cpu : sched_getcpu();
    attr->read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    attr->inherit = target->from_exec && pid >= 0;
    attr->disabled = attr->enable_on_exec = attr->inherit && leader < 0;
    const uint64_t plain = attr->config1;
    if (pid == 0 && attr->exclude_kernel && sysctl("/proc/sys/kernel/perf_user_access", 0) == 1)
        attr->config1 |= arch_counter_config1();
    int fd = open_attr(attr, pid, cpu, leader);
    if (fd < 0 && attr->config1 != plain) {
        attr->config1 = plain;
        fd = open_attr(attr, pid, cpu, leader);
    }
    return fd;
}

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

/* False while the event is not on a counter. The lock is a seqlock that the kernel writes on this
 * cpu only, so that the compiler is all that must be kept in order. */
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
        value[i] = (struct backend_value){0};
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

/* A counter read both ways must agree; and more groups than one take turns, of whose times only the
 * kernel knows. */
static bool try_user(struct backend_set *set, const struct backend_event *event)
{
    const size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < set->events; i++) {
        struct slot *slot = &set->slot[i];
        struct backend_value before, kernel, after;
        if (!arch_has_counters() || slot->fd < 0 || event[i].scope != EVENT_THREAD ||
            event[i].group != event[0].group)
            return false;
        void *const page = mmap(NULL, bytes, PROT_READ, MAP_SHARED, slot->fd, 0);
        if (page == MAP_FAILED)
            return false;
        slot->page = page;
        if (!slot->page->cap_user_rdpmc || !read_user(slot->page, &before) ||
            !read_kernel(slot->fd, &kernel) || !read_user(slot->page, &after) ||
            before.count > kernel.count || kernel.count > after.count)
            return false;
    }
    return set->events > 0;
}

static int leader_of(const struct backend_set *set, const struct backend_event *event, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (event[i].group == event[index].group && set->slot[i].fd >= 0)
            return set->slot[i].fd;
    return -1;
}

static bool serves(const struct backend_event *event, const struct backend_target *target)
{
    if (!event->fits)
        return false;
    return event->scope == EVENT_THREAD || (target->wide && target->pid <= 0);
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
        struct perf_event_attr attr;
        slot->fd = -1;
        if (!serves(&event[i], target) || perf_name_encode(event[i].name, &attr, NULL))
            continue;
        const int fd = open_event(&event[i], target, leader_of(set, event, i), &attr);
        if (fd < 0)
            code = explain(fd, err);
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

/* Sets event[i].group: that of the events before it while the kernel takes it there, else the next.
 */
static void fit_one(struct backend_event *event, size_t index, const int *fd, int *opened)
{
    static const struct backend_target here = {.pid = 0, .cpu = -1, .wide = true};
    struct backend_event *const me = &event[index];
    struct perf_event_attr attr;
    *opened = -1;
    me->fits = false;
    if (perf_name_encode(me->name, &attr, &me->why))
        return;
    unsigned next = 0;
    int leader = -1;
    for (size_t i = 0; i < index; i++)
        next = event[i].fits && event[i].group >= next ? event[i].group + 1 : next;
    for (size_t i = 0; i < index && me->scope == EVENT_THREAD && leader < 0; i++)
        if (event[i].fits && event[i].group + 1 == next && event[i].scope == EVENT_THREAD)
            leader = fd[i];
    me->group = leader >= 0 ? next - 1 : next;
    int got = open_event(me, &here, leader, &attr);
    if (leader >= 0 && (got == -EINVAL || got == -ENOSPC || got == -EOPNOTSUPP)) {
        me->group = next;
        got = open_event(me, &here, -1, &attr);
    }
    if (got < 0)
        explain(got, &me->why);
    me->fits = got >= 0;
    *opened = got;
}

static bool all_ran(
    const struct backend_event *event, const struct backend_value *value, size_t events)
{
    for (size_t i = 0; i < events; i++)
        if (event[i].fits && value[i].by_kernel && value[i].running_ns == 0)
            return false;
    return true;
}

/* Whether the events of a group get their counters at all: one too many may open and never run, as
 * may any while the NMI watchdog holds the one counter that it could use. */
static bool group_runs(const struct backend_event *event, size_t events, unsigned group)
{
    static const struct backend_target here = {.pid = 0, .cpu = -1, .wide = true};
    enum { WORK = 20000, TRIES = 1000 }; /* 50 ms: several turns of whoever else counts here */
    struct backend_event *part = calloc(events, sizeof *part);
    struct backend_value *value = calloc(events, sizeof *value);
    struct backend_set *set = NULL;
    bool runs = part && value;
    uint64_t place = 0;
    for (size_t i = 0; runs && i < events; i++) {
        part[i] = event[i];
        part[i].fits = event[i].fits && event[i].group == group;
    }
    if (runs && perf_open(part, events, &here, &set, NULL) == 0) {
        runs = false;
        for (int i = 0; i < TRIES && !runs; i++) {
            arch_known_work(&place, WORK);
            perf_read(set, value);
            runs = all_ran(part, value, events);
        }
    }
    perf_close(set);
    free(part);
    free(value);
    return runs;
}

/* The last event of a group that never runs goes into a group of its own; one alone is given up. */
static void shrink(struct backend_event *event, size_t events, unsigned group, unsigned next)
{
    size_t last = 0, members = 0;
    for (size_t i = 0; i < events; i++)
        if (event[i].fits && event[i].group == group) {
            last = i;
            members++;
        }
    event[last].group = next;
    if (members > 1)
        return;
    event[last].fits = false;
    err_set(&event[last].why, -EBUSY, "opens but never gets a counter%s",
        sysctl("/proc/sys/kernel/nmi_watchdog", 0) == 1
            ? "; the NMI watchdog holds one (sudo sysctl kernel.nmi_watchdog=0)"
            : "; somebody else holds them all");
}

static void perf_fit(struct backend_event *event, size_t events)
{
    int *const fd = calloc(events + 1, sizeof *fd);
    unsigned groups = 0;
    for (size_t i = 0; fd && i < events; i++)
        fit_one(event, i, fd, &fd[i]);
    for (size_t i = 0; fd && i < events; i++) {
        if (fd[i] >= 0)
            close(fd[i]);
        if (event[i].fits && event[i].group >= groups)
            groups = event[i].group + 1;
    }
    free(fd);
    for (unsigned group = 0; group < groups; group++)
        while (!group_runs(event, events, group))
            shrink(event, events, group, groups++);
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
        const int fd = open_event(&event, &here, -1, &attr);
        if (fd >= 0) {
            close(fd);
            return 0;
        }
        code = explain(fd, err);
    }
    return code;
}

const struct backend backend_perf = {
    .name = "perf",
    .summary = "the kernel's perf_event",
    .preference = 2,
    .ready = perf_ready,
    .fit = perf_fit,
    .open = perf_open,
    .read = perf_read,
    .close = perf_close,
    .how = perf_how,
};
