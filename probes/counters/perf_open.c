/* SPDX-License-Identifier: MIT
 * One event opened, or why it cannot be. */
#include "probes/counters/perf_open.h"

#include "base/arch/arch.h"
#include "machine/system/sysfile.h"
#include "probes/counters/perf_name.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int64_t perf_sysctl(const char *path, int64_t otherwise)
{
    int64_t value;
    return sysfile_i64("", path, &value) ? value : otherwise;
}

static int explain_forbidden(int code, struct err *err)
{
    const int64_t paranoid = perf_sysctl("/proc/sys/kernel/perf_event_paranoid", 2);
    if (code == -EPERM)
        return err_set(err, code,
            "forbidden (perf_event_paranoid is %" PRId64 "), in a container by its seccomp "
            "profile: --cap-add PERFMON",
            paranoid);
    return err_set(err, code,
        "forbidden: perf_event_paranoid is %" PRId64
        " (sudo sysctl kernel.perf_event_paranoid=1, or CAP_PERFMON; whole cpus and L3s need 0)",
        paranoid);
}

int perf_explain(int code, struct err *err)
{
    static const struct {
        int code;
        const char *text;
    } known[] = {
        {-ENOENT, "the kernel has no such event here; virtual machines seldom pass the PMU on, "
                  "bare metal has it"},
        {-ENODEV, "no PMU here that has it"},
        {-EINVAL, "the kernel rejects this event configuration"},
        {-EOPNOTSUPP, "the PMU that is here cannot count it"},
        {-EBUSY, "another program holds the counters"},
        {-ENOSPC, "no counter is left for it"},
        {-ENOSYS, "this kernel has no perf events"},
        {-EMFILE, "out of file descriptors; raise 'ulimit -n'"},
        {-ENFILE, "the system is out of file descriptors"},
        {-ESRCH, "the process is gone"},
    };
    if (code == -EACCES || code == -EPERM)
        return explain_forbidden(code, err);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return err_set(err, code, "%s", known[i].text);
    return err_set(err, code, "%s", strerror(-code));
}

bool perf_raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
        return false;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

int perf_open_attr(struct perf_event_attr *attr, int pid, int cpu, int leader)
{
    do {
        const long fd = syscall(SYS_perf_event_open, attr, pid, cpu, leader, PERF_FLAG_FD_CLOEXEC);
        if (fd >= 0)
            return (int)fd;
    } while (errno == EMFILE && perf_raise_limit());
    return -errno;
}

int perf_target_cpu(const struct backend_target *target)
{
    return target->cpu < 0 && target->pid <= 0 ? sched_getcpu() : target->cpu;
}

/* Reads from user space must be requested at open; where the kernel refuses them, opens without. */
int perf_open_event(const struct backend_event *event, const struct backend_target *target,
    int leader, struct perf_event_attr *attr)
{
    const bool thread = event->scope == EVENT_THREAD;
    const int pid = thread ? target->pid : -1;
    const int cpu = pid >= 0 ? -1 : target->cpu >= 0 ? target->cpu : sched_getcpu();
    attr->read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    attr->inherit = target->from_exec && pid >= 0;
    attr->disabled = attr->enable_on_exec = attr->inherit && leader < 0;
    if (thread)
        perf_name_aim("", perf_target_cpu(target), attr);
    const uint64_t plain = attr->config1;
    if (pid == 0 && attr->exclude_kernel &&
        perf_sysctl("/proc/sys/kernel/perf_user_access", 0) == 1)
        attr->config1 |= arch_counter_config1();
    int fd = perf_open_attr(attr, pid, cpu, leader);
    if (fd < 0 && attr->config1 != plain) {
        attr->config1 = plain;
        fd = perf_open_attr(attr, pid, cpu, leader);
    }
    return fd;
}
