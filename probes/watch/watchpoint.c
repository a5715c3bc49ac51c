/* SPDX-License-Identifier: MIT
 * A breakpoint event that the kernel disables at its first hit. It is closed and opened again for
 * the next: since Linux 6.16 one that has been disabled so does not count again after
 * PERF_EVENT_IOC_REFRESH, but goes on trapping. */
#include "probes/watch/watchpoint.h"

#include "probes/counters/perf_open.h"

#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct perf_event_attr attr_of(const struct watchpoint_at *at)
{
    return (struct perf_event_attr){.size = sizeof(struct perf_event_attr),
        .type = PERF_TYPE_BREAKPOINT,
        .bp_type = at->reads ? HW_BREAKPOINT_RW : HW_BREAKPOINT_W,
        .bp_addr = at->address,
        .bp_len = at->bytes,
        .read_format = PERF_FORMAT_TOTAL_TIME_RUNNING,
        .disabled = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1};
}

/* One that is to count all has no period: the kernel would throttle it. */
static int arm(const struct watchpoint_at *at, bool once, struct watchpoint *out, struct err *err)
{
    struct perf_event_attr attr = attr_of(at);
    attr.sample_period = once;
    const int fd = perf_open_attr(&attr, at->tid, -1, -1);
    out->fd = fd < 0 ? -1 : fd;
    if (fd < 0)
        return perf_explain(fd, err);
    if (ioctl(out->fd, once ? PERF_EVENT_IOC_REFRESH : PERF_EVENT_IOC_ENABLE, once) == 0)
        return 0;
    const int code = -errno;
    watchpoint_disarm(out);
    return perf_explain(code, err);
}

int watchpoint_arm(const struct watchpoint_at *at, struct watchpoint *out, struct err *err)
{
    return arm(at, true, out, err);
}

int watchpoint_hold(const struct watchpoint_at *at, struct watchpoint *out, struct err *err)
{
    return arm(at, false, out, err);
}

bool watchpoint_hit(const struct watchpoint *w, uint64_t *ran_ns)
{
    uint64_t value[2] = {0}; /* hits, ns */
    if (read(w->fd, value, sizeof value) != (ssize_t)sizeof value)
        return false;
    *ran_ns = value[1];
    return value[0] > 0;
}

uint64_t watchpoint_hits(const struct watchpoint *w)
{
    uint64_t value[2] = {0};
    return read(w->fd, value, sizeof value) == (ssize_t)sizeof value ? value[0] : 0;
}

void watchpoint_disarm(struct watchpoint *watchpoint)
{
    if (watchpoint->fd >= 0)
        close(watchpoint->fd);
    watchpoint->fd = -1;
}
