/* SPDX-License-Identifier: MIT
 * Which cpus can be measured, and what else runs on them. */
#include "machine/system/doctor_checks.h"
#include "machine/system/sysfile.h"

#include <stdio.h>

#define CPU_DIR "/sys/devices/system/cpu/"

static size_t allowed_cpus(const struct topology *topology)
{
    size_t count = 0;
    for (size_t i = 0; i < topology->cpus; i++)
        count += topology->cpu[i].allowed;
    return count;
}

static void judge_cpus(const struct doctor_facts *facts, struct check_result *result)
{
    const size_t count = allowed_cpus(facts->topology);
    check_is_found(result, "%zu of %zu may be used", count, facts->topology->cpus);
    if (count == 0)
        check_set(result, CHECK_STOP, "This process may not run on any cpu of this machine.");
    else if (count == 1)
        check_set(result, CHECK_LIMIT,
            "With one cpu nothing can be shared: costs without contention are measured, without a "
            "verdict.");
    else if (count < facts->topology->cpus)
        check_set(result, CHECK_NOTE,
            "The others are outside the cpuset or the affinity of this process.");
    if (count < facts->topology->cpus)
        check_command(result, "taskset -pc $$  # and: cat /proc/self/cgroup");
}

static void judge_offline(const struct doctor_facts *facts, struct check_result *result)
{
    char online[128], offline[128];
    sysfile_read(facts->root, CPU_DIR "online", online, sizeof online);
    check_is_found(result, "%s online", online[0] != '\0' ? online : "not stated which");
    if (!sysfile_read(facts->root, CPU_DIR "offline", offline, sizeof offline))
        return;
    check_is_found(result, "%.60s online, %.60s offline", online, offline);
    check_set(result, CHECK_NOTE, "Offline cpus cannot be measured.");
    check_command(result, "echo 1 | sudo tee " CPU_DIR "cpuN/online");
}

static void judge_isolated(const struct doctor_facts *facts, struct check_result *result)
{
    char text[128];
    if (!sysfile_read(facts->root, CPU_DIR "isolated", text, sizeof text)) {
        check_is_found(result, "none");
        return;
    }
    check_is_found(result, "%s", text);
    check_set(result, CHECK_NOTE,
        "The scheduler keeps other work off them: the quietest place to measure; name them in "
        "--cpus.");
}

static void judge_quota(const struct doctor_facts *facts, struct check_result *result)
{
    const double quota = facts->cgroup.quota_cpus;
    if (quota <= 0) {
        check_is_found(result, "none");
        return;
    }
    check_is_found(result, "%.2f cpus' worth of time", quota);
    if (quota >= (double)allowed_cpus(facts->topology)) {
        check_set(result, CHECK_OK, "Enough for all the cpus that may be used.");
        return;
    }
    check_set(result, CHECK_LIMIT,
        "With more threads than that, the kernel stops all of them for the rest of each period: "
        "trials are disturbed.");
    check_command(
        result, "docker run --cpus N ...  # or cpu.max of cgroup %.60s", facts->cgroup.path);
}

static double share_of(uint64_t part, const struct system_times *times)
{
    const double all = (double)(times->busy_ns + times->idle_ns + times->steal_ns);
    return all > 0 ? (double)part / all : 0;
}

/* A single timer may show a tick of 10 ms in 100 ms on one cpu. */
static void judge_busy(const struct doctor_facts *facts, struct check_result *result)
{
    static const double busy_enough = 0.15;
    char load[64] = "";
    sysfile_read(facts->root, "/proc/loadavg", load, sizeof load);
    double minute = 0;
    const bool is_stated = sscanf(load, "%lf", &minute) == 1;
    const double busy = share_of(facts->window.busy_ns, &facts->window);
    check_is_found(result, "these cpus are %.0f%% busy just now; load average %.4s", 100 * busy,
        is_stated ? load : "?");
    if (busy < busy_enough)
        return;
    check_set(result, CHECK_LIMIT,
        "Other programs run on the cpus to be measured: trials are disturbed and repeated, which "
        "takes "
        "longer.");
    check_command(result, "top -1  # shows which");
}

static void judge_steal(const struct doctor_facts *facts, struct check_result *result)
{
    static const double steal_enough = 0.01;
    const double now = share_of(facts->window.steal_ns, &facts->window);
    const double ever = share_of(facts->since_boot.steal_ns, &facts->since_boot);
    check_is_found(result, "%.1f%% just now, %.2f%% since boot", 100 * now, 100 * ever);
    if (now > 0)
        check_set(result, CHECK_LIMIT,
            "The host runs other guests on these cpus now: trials are disturbed and repeated.");
    else if (ever > steal_enough)
        check_set(result, CHECK_NOTE, "The host runs other guests on these cpus at times.");
}

const struct doctor_check doctor_checks_load[] = {
    {"cpus", judge_cpus},
    {"cpus online", judge_offline},
    {"cpus isolated", judge_isolated},
    {"cpu quota", judge_quota},
    {"other load", judge_busy},
    {"steal", judge_steal},
    {0},
};
