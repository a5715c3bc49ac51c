/* SPDX-License-Identifier: MIT
 * What the kernel lets this process do: counters, and the watchdog that takes one of them. */
#include "machine/system/doctor_checks.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define TIMES_ONLY "Times are measured, cache events are not. "

static const struct refusal {
    int error;
    const char *found, *meaning, *command;
} pmu_refusals[] = {
    {0, "opens", "", ""},
    {-ENOENT, "none here (ENOENT)",
        TIMES_ONLY "Virtual machines rarely pass the PMU on; bare metal has it.", ""},
    {-EOPNOTSUPP, "cannot count (EOPNOTSUPP)",
        TIMES_ONLY "The PMU here has no interrupt or no such event.", ""},
    {-EACCES, "forbidden (EACCES)", TIMES_ONLY "perf_event_paranoid forbids it.",
        "sudo sysctl kernel.perf_event_paranoid=1"},
    {-EPERM, "forbidden (EPERM)",
        TIMES_ONLY "perf_event_paranoid, a container's seccomp filter or lockdown forbids it; "
                   "in a container: --cap-add PERFMON.",
        "sudo sysctl kernel.perf_event_paranoid=1"},
    {-ENOSYS, "unknown to this kernel (ENOSYS)",
        TIMES_ONLY "The kernel was built without perf events, or this runs in an emulator.", ""},
};

static void judge_pmu(const struct doctor_facts *facts, struct check_result *result)
{
    check_set(result, CHECK_LIMIT, TIMES_ONLY);
    check_is_found(result, "opening a cycle counter: %s", strerror(-facts->pmu));
    for (size_t i = 0; i < sizeof pmu_refusals / sizeof *pmu_refusals; i++)
        if (pmu_refusals[i].error == facts->pmu) {
            check_set(result, facts->pmu == 0 ? CHECK_OK : CHECK_LIMIT, pmu_refusals[i].meaning);
            check_is_found(result, "cycle counter: %s", pmu_refusals[i].found);
            check_command(result, "%s", pmu_refusals[i].command);
        }
}

/* Documentation/admin-guide/perf-security.rst; 3 and 4 are Debian's and Ubuntu's: nothing at all
 * without CAP_PERFMON. */
static void judge_paranoid(const struct doctor_facts *facts, struct check_result *result)
{
    int64_t value;
    if (!sysfile_i64(facts->root, "/proc/sys/kernel/perf_event_paranoid", &value)) {
        check_is_found(result, "not stated: the kernel has no perf events");
        check_set(result, CHECK_NOTE, "See 'pmu'.");
        return;
    }
    check_is_found(result, "%" PRId64, value);
    if (value <= 1)
        return;
    check_set(result, CHECK_NOTE,
        value > 2 ? "Only root and CAP_PERFMON may count anything."
                  : "Only one's own threads in user space may be counted, which is enough for "
                    "per-thread figures; L3 and memory counters need 0 or less, or root.");
    check_command(result, value > 2 ? "sudo sysctl kernel.perf_event_paranoid=1"
                                    : "sudo sysctl kernel.perf_event_paranoid=0");
}

static void judge_watchdog(const struct doctor_facts *facts, struct check_result *result)
{
    int64_t value;
    if (!sysfile_i64(facts->root, "/proc/sys/kernel/nmi_watchdog", &value) || value == 0) {
        check_is_found(result, "off");
        return;
    }
    check_is_found(result, "on");
    check_set(result, CHECK_NOTE,
        "It uses one hardware counter of each cpu, so that groups of events may have to take "
        "turns.");
    check_command(result, "sudo sysctl kernel.nmi_watchdog=0");
}

const struct doctor_check doctor_checks_kernel[] = {
    {"pmu", judge_pmu},
    {"perf paranoid", judge_paranoid},
    {"nmi watchdog", judge_watchdog},
    {0},
};
