/* SPDX-License-Identifier: MIT
 * What the hardware does on its own: its clock rate, its siblings, its time, its caches. */
#include "base/text.h"
#include "machine/system/doctor_checks.h"
#include "machine/system/sysfile.h"
#include "machine/system/topology_checks.h"

#include <stdio.h>
#include <string.h>

#define CPU_DIR "/sys/devices/system/cpu/"

static bool is_virtual(const struct doctor_facts *facts)
{
    return facts->system.hypervisor[0] != '\0';
}

/* How many allowed cpus have a governor, and in *slow how many one other than "performance". */
static size_t count_governors(
    const struct doctor_facts *facts, size_t *slow, char *name, size_t size)
{
    size_t stated = 0;
    for (size_t i = 0; i < facts->topology->cpus; i++) {
        const struct topology_cpu *cpu = &facts->topology->cpu[i];
        char path[128], text[32];
        snprintf(path, sizeof path, CPU_DIR "cpu%u/cpufreq/scaling_governor", cpu->cpu);
        if (!cpu->allowed || !sysfile_read(facts->root, path, text, sizeof text))
            continue;
        stated++;
        if (strcmp(text, "performance") == 0)
            continue;
        (*slow)++;
        snprintf(name, size, "%s", text);
    }
    return stated;
}

static void judge_governor(const struct doctor_facts *facts, struct check_result *result)
{
    size_t slow = 0;
    char name[32] = "performance";
    const size_t stated = count_governors(facts, &slow, name, sizeof name);
    if (stated == 0) {
        check_is_found(result, "not stated");
        check_set(result, CHECK_NOTE,
            "The clock rate is set elsewhere (by the host, of a virtual machine) and may vary.");
        return;
    }
    check_is_found(result, "%s on %zu of %zu cpus", name, slow > 0 ? slow : stated, stated);
    if (slow == 0)
        return;
    check_set(result, CHECK_LIMIT,
        "The clock rate follows the load: the first trials are slower than the later ones.");
    check_command(result, "sudo cpupower frequency-set -g performance");
}

/* One file is 1 when boost is on, the other when turbo is off. */
static const struct boost {
    const char *path, *switch_off;
    int64_t when_on;
} boosts[] = {
    {CPU_DIR "cpufreq/boost", "0", 1},
    {CPU_DIR "intel_pstate/no_turbo", "1", 0},
};

static void judge_boost(const struct doctor_facts *facts, struct check_result *result)
{
    check_is_found(result, "not stated");
    for (size_t i = 0; i < sizeof boosts / sizeof *boosts; i++) {
        int64_t value;
        if (!sysfile_i64(facts->root, boosts[i].path, &value))
            continue;
        check_is_found(result, value == boosts[i].when_on ? "on" : "off");
        if (value != boosts[i].when_on)
            return;
        check_set(result, CHECK_NOTE,
            "The clock rate depends on temperature and on how many cores are busy.");
        check_command(result, "echo %s | sudo tee %s", boosts[i].switch_off, boosts[i].path);
        return;
    }
}

static void judge_smt(const struct doctor_facts *facts, struct check_result *result)
{
    int64_t active = 0;
    const bool is_stated = sysfile_i64(facts->root, CPU_DIR "smt/active", &active);
    check_is_found(result, !is_stated ? "not stated" : active ? "on" : "off");
    if (active == 0)
        return;
    check_set(result, CHECK_NOTE,
        "Siblings share an L1, where false sharing vanishes: choose cpus of different cores. Work "
        "on "
        "a sibling slows a measured cpu down.");
    check_command(result, "numaprobe topo  # shows the cores");
}

static void judge_tsc_x86(const char *flags, const char *source, struct check_result *result)
{
    const bool is_steady =
        strstr(flags, "constant_tsc") != NULL && strstr(flags, "nonstop_tsc") != NULL;
    /* The kernel falls back to these two when it finds that the TSC drifts. */
    const bool is_distrusted = strcmp(source, "hpet") == 0 || strcmp(source, "acpi_pm") == 0;
    check_is_found(result, "TSC %s; the kernel's clock is %s",
        is_steady ? "runs at a constant rate" : "changes its rate or stops", source);
    if (is_steady && !is_distrusted)
        return;
    check_set(result, CHECK_LIMIT,
        "Times come from CLOCK_MONOTONIC_RAW, which costs more: single ops are timed in batches.");
    if (is_distrusted)
        check_command(result, "dmesg | grep -i tsc  # shows why the kernel gave it up");
}

static void judge_clock(const struct doctor_facts *facts, struct check_result *result)
{
    char source[64], flags[8192];
    if (!sysfile_read(facts->root,
            "/sys/devices/system/clocksource/clocksource0/current_clocksource", source,
            sizeof source))
        snprintf(source, sizeof source, "not stated");
    if (sysfile_value(facts->root, "/proc/cpuinfo", "flags", flags, sizeof flags))
        judge_tsc_x86(flags, source, result);
    else
        check_is_found(result, "the kernel's clock is %s", source);
}

static void judge_hypervisor(const struct doctor_facts *facts, struct check_result *result)
{
    check_is_found(result, "%s", is_virtual(facts) ? facts->system.hypervisor : "none");
    if (!is_virtual(facts))
        return;
    check_set(result, CHECK_LIMIT,
        "The host may move virtual cpus between cores, and other guests share its caches: "
        "distances "
        "can change within a run. The canary watches for it; only bare metal avoids it.");
}

static void judge_caches(const struct doctor_facts *facts, struct check_result *result)
{
    struct check_result doubt[TOPOLOGY_CHECKS_MAX];
    const size_t count = topology_checks_run(facts->topology, doubt);
    check_is_found(result, "plausible");
    for (size_t i = count; i-- > 0;)
        if (doubt[i].level >= result->level) {
            const char *name = result->name;
            *result = doubt[i];
            result->name = name;
        }
    if (count > 0)
        check_command(result, "numaprobe topo  # shows %s", count > 1 ? "all of them" : "more");
}

static void judge_kinds(const struct doctor_facts *facts, struct check_result *result)
{
    const struct topology *const topology = facts->topology;
    char names[160] = "";
    for (size_t i = 0; i < topology->kinds; i++)
        text_append_item(names, sizeof names, ", ", "%s", topology->kind[i]);
    check_is_found(result, "%s", topology->kinds ? names : "one");
    if (topology->kinds == 0)
        return;
    check_set(result, CHECK_NOTE,
        "Cores of two kinds have other clocks, caches and events: a difference between their cpus "
        "need not be the line's. Compare cpus of one kind.");
    check_command(result, "numaprobe topo  # lists the cpus of each kind");
}

static void judge_prefetchers(const struct doctor_facts *facts, struct check_result *result)
{
    check_is_found(result, "%s", facts->system.prefetchers);
    if (strcmp(facts->system.prefetchers, "unknown") != 0)
        return;
    check_set(result, CHECK_NOTE,
        "An adjacent-line prefetcher makes 128 B matter where lines have 64: include 128 in "
        "--align. "
        "Only on Intel, with the msr module and root, can their state be read.");
}

const struct doctor_check doctor_checks_machine[] = {
    {"hypervisor", judge_hypervisor},
    {"topology", judge_caches},
    {"clock", judge_clock},
    {"governor", judge_governor},
    {"boost", judge_boost},
    {"smt", judge_smt},
    {"core kinds", judge_kinds},
    {"prefetchers", judge_prefetchers},
    {0},
};
