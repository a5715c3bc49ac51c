/* SPDX-License-Identifier: MIT
 * Which cpus there are for the measurement, and who else wants their time. */
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

static void judge_cpus(const struct doctor_facts *facts, struct check_result *finding)
{
    const size_t count = allowed_cpus(facts->topology);
    check_is_found(finding, "%zu of %zu may be used", count, facts->topology->cpus);
    if (count == 0)
        check_set(finding, CHECK_STOP, "No cpu of this machine may run a thread of ours.");
    else if (count == 1)
        check_set(finding, CHECK_LIMIT,
            "Nothing is shared with one cpu: costs without contention are measured, without a "
            "verdict.");
    else if (count < facts->topology->cpus)
        check_set(finding, CHECK_NOTE,
            "The others are outside the cpuset or the affinity of this process.");
    if (count < facts->topology->cpus)
        check_command(finding, "taskset -pc $$  # and: cat /proc/self/cgroup");
}

static void judge_offline(const struct doctor_facts *facts, struct check_result *finding)
{
    char online[128], offline[128];
    sysfile_read(facts->root, CPU_DIR "online", online, sizeof online);
    check_is_found(finding, "%s online", online[0] != '\0' ? online : "not stated which");
    if (!sysfile_read(facts->root, CPU_DIR "offline", offline, sizeof offline))
        return;
    check_is_found(finding, "%.60s online, %.60s offline", online, offline);
    check_set(finding, CHECK_NOTE, "Offline cpus cannot be measured.");
    check_command(finding, "echo 1 | sudo tee " CPU_DIR "cpuN/online");
}

static void judge_isolated(const struct doctor_facts *facts, struct check_result *finding)
{
    char text[128];
    if (!sysfile_read(facts->root, CPU_DIR "isolated", text, sizeof text)) {
        check_is_found(finding, "none");
        return;
    }
    check_is_found(finding, "%s", text);
    check_set(finding, CHECK_NOTE,
        "The scheduler keeps other work off them: the quietest place to measure; name them in "
        "--cpus.");
}

static void judge_quota(const struct doctor_facts *facts, struct check_result *finding)
{
    const double quota = facts->cgroup.quota_cpus;
    if (quota <= 0) {
        check_is_found(finding, "none");
        return;
    }
    check_is_found(finding, "%.2f cpus' worth of time", quota);
    if (quota >= (double)allowed_cpus(facts->topology)) {
        check_set(finding, CHECK_OK, "Enough for all the cpus that may be used.");
        return;
    }
    check_set(finding, CHECK_LIMIT,
        "With more threads than that, the kernel stops all of them for the rest of each period: "
        "trials are disturbed.");
    check_command(
        finding, "docker run --cpus N ...  # or cpu.max of cgroup %.60s", facts->cgroup.path);
}

static double share(uint64_t part, const struct system_times *times)
{
    const double all = (double)(times->busy_ns + times->idle_ns + times->steal_ns);
    return all > 0 ? (double)part / all : 0;
}

/* A tick of 10 ms in 100 ms on one cpu is what a lone timer may show. */
static void judge_busy(const struct doctor_facts *facts, struct check_result *finding)
{
    static const double busy_enough = 0.15;
    char load[64] = "";
    sysfile_read(facts->root, "/proc/loadavg", load, sizeof load);
    double minute = 0;
    const bool is_stated = sscanf(load, "%lf", &minute) == 1;
    const double busy = share(facts->window.busy_ns, &facts->window);
    check_is_found(finding, "these cpus are %.0f%% busy just now; load average %.4s", 100 * busy,
        is_stated ? load : "?");
    if (busy < busy_enough)
        return;
    check_set(finding, CHECK_LIMIT,
        "Others run on the cpus to be measured: trials are disturbed and repeated, and it takes "
        "longer.");
    check_command(finding, "top -1  # tells who");
}

static void judge_steal(const struct doctor_facts *facts, struct check_result *finding)
{
    static const double steal_enough = 0.01;
    const double now = share(facts->window.steal_ns, &facts->window);
    const double ever = share(facts->since_boot.steal_ns, &facts->since_boot);
    check_is_found(finding, "%.1f%% just now, %.2f%% since boot", 100 * now, 100 * ever);
    if (now > 0)
        check_set(finding, CHECK_LIMIT,
            "The host runs others on our cpus now: trials are disturbed and repeated.");
    else if (ever > steal_enough)
        check_set(finding, CHECK_NOTE, "The host runs others on our cpus at times.");
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
