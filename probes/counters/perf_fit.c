/* SPDX-License-Identifier: MIT
 * Which events count together: the kernel refuses some groups, and lets others open that never run.
 */
#include "probes/counters/perf_fit.h"

#include "base/arch/arch.h"
#include "base/debug.h"
#include "machine/clock.h"
#include "probes/counters/perf_name.h"
#include "probes/counters/perf_open.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* Sets event[index].group: that of the events before it while the kernel accepts it there, else the
 * next. Software events need no counter, so they do not wait for one in a group. */
static void fit_one(struct backend_event *event, size_t index, const int *fd, int *opened)
{
    static const struct backend_target here = {.pid = 0, .cpu = -1, .wide = true};
    struct backend_event *const me = &event[index];
    struct perf_event_attr attr;
    *opened = -1;
    me->fits = false;
    const int code = perf_name_encode(me->name, &attr, &me->why);
    me->unknown = code && code != -ENODEV && code != -ENOMEM;
    if (code) {
        debug(DEBUG_PERF, "%s", me->why.text);
        return;
    }
    unsigned next = 0;
    int leader = -1;
    for (size_t i = 0; i < index; i++)
        next = event[i].fits && event[i].group >= next ? event[i].group + 1 : next;
    const bool alone = me->scope != EVENT_THREAD || attr.type == PERF_TYPE_SOFTWARE;
    for (size_t i = 0; i < index && !alone && leader < 0; i++)
        if (event[i].fits && event[i].group + 1 == next && event[i].scope == EVENT_THREAD)
            leader = fd[i];
    me->group = leader >= 0 ? next - 1 : next;
    int got = perf_open_event(me, &here, leader, &attr);
    if (leader >= 0 && (got == -EINVAL || got == -ENOSPC || got == -EOPNOTSUPP)) {
        me->group = next;
        got = perf_open_event(me, &here, -1, &attr);
    }
    if (got < 0)
        perf_explain(got, &me->why);
    me->fits = got >= 0;
    debug(DEBUG_PERF, "%s: type %u, config 0x%" PRIx64 ": %s", me->name, attr.type,
        (uint64_t)attr.config, me->fits ? "opens" : me->why.text);
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

/* Whether the events of a group get counters at all: one too many may open and never run, as may
 * any while the NMI watchdog uses the only counter that is suitable. */
static bool group_runs(
    const struct backend *perf, const struct backend_event *event, size_t events, unsigned group)
{
    static const struct backend_target here = {.pid = 0, .cpu = -1, .wide = true};
    enum { WORK = 20000 };
    struct backend_event part[BACKEND_EVENTS];
    struct backend_value value[BACKEND_EVENTS];
    struct backend_set *set;
    bool runs = false;
    uint64_t place = 0;
    memcpy(part, event, events * sizeof *part);
    for (size_t i = 0; i < events; i++)
        part[i].fits = event[i].fits && event[i].group == group;
    if (perf->open(part, events, &here, &set, NULL))
        return true; /* what opened a moment ago does not now; the next open reports why */
    for (const uint64_t began = clock_raw_ns();
         !runs && clock_raw_ns() - began < BACKEND_WAIT_NS;) {
        arch_known_work(&place, WORK);
        perf->read(set, value);
        runs = all_ran(part, value, events);
    }
    perf->close(set);
    return runs;
}

/* Moves the last event of a group that never runs into the next group; a single event is given up.
 */
static void shrink_group(struct backend_event *event, size_t events, unsigned group, unsigned next)
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
        perf_sysctl("/proc/sys/kernel/nmi_watchdog", 0) == 1
            ? "; the NMI watchdog holds one (sudo sysctl kernel.nmi_watchdog=0)"
            : "; other programs hold them all");
}

void perf_fit(const struct backend *perf, struct backend_event *event, size_t events)
{
    int fd[BACKEND_EVENTS] = {0};
    unsigned groups = 0;
    for (size_t i = 0; i < events; i++)
        fit_one(event, i, fd, &fd[i]);
    for (size_t i = 0; i < events; i++) {
        if (fd[i] >= 0)
            close(fd[i]);
        if (event[i].fits && event[i].group >= groups)
            groups = event[i].group + 1;
    }
    for (unsigned group = 0; group < groups; group++)
        while (!group_runs(perf, event, events, group))
            shrink_group(event, events, group, groups++);
}
