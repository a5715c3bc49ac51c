/* SPDX-License-Identifier: MIT
 * Where pages lie, whether they stay there, and whether that can be checked. */
#include "machine/system/doctor_checks.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static bool is_one_node(const struct doctor_facts *facts)
{
    return facts->topology->nodes <= 1;
}

static void judge_nodes(const struct doctor_facts *facts, struct check_result *result)
{
    size_t allowed = 0;
    for (size_t i = 0; i < facts->topology->nodes; i++)
        allowed += facts->topology->node[i].allowed;
    check_is_found(result, "%zu of %zu may be used", allowed, facts->topology->nodes);
    if (allowed == 0)
        check_set(result, CHECK_STOP, "No memory may be allocated on any node.");
    else if (allowed < facts->topology->nodes)
        check_set(result, CHECK_NOTE,
            "Memory of the others is outside the cpuset of this cgroup (or they have none).");
}

/* With one node there is no wrong place, whether binding is permitted or not. */
static void judge_call(
    const struct doctor_facts *facts, int error, const char *meaning, struct check_result *result)
{
    if (error == 0) {
        check_is_found(result, "permitted");
        return;
    }
    check_is_found(result, "refused: %s", strerror(-error));
    if (is_one_node(facts)) {
        check_set(result, CHECK_NOTE, "Does not matter here: there is only one node.");
        return;
    }
    check_set(result, CHECK_LIMIT, meaning);
    if (error == -EPERM)
        check_command(result, "docker run --cap-add SYS_NICE ...  # or another seccomp profile");
}

static void judge_mbind(const struct doctor_facts *facts, struct check_result *result)
{
    judge_call(facts, facts->mbind,
        "Memory cannot be bound to a node: pages lie where they are first touched. Rows are marked "
        "'unverified' where that cannot be checked.",
        result);
}

static void judge_move_pages(const struct doctor_facts *facts, struct check_result *result)
{
    judge_call(facts, facts->move_pages,
        "Where pages really are is read from numa_maps instead, or rows are marked 'unverified'.",
        result);
}

static void judge_balancing(const struct doctor_facts *facts, struct check_result *result)
{
    int64_t value = 0;
    const bool is_there = sysfile_i64(facts->root, "/proc/sys/kernel/numa_balancing", &value);
    check_is_found(result, !is_there ? "not in this kernel" : value != 0 ? "on" : "off");
    if (value == 0)
        return;
    if (is_one_node(facts)) {
        check_set(result, CHECK_OK, "Does not matter here: there is only one node.");
        return;
    }
    check_set(result, CHECK_LIMIT,
        "The kernel unmaps pages now and then to see which cpus use them, and moves them: extra "
        "faults in the measurements.");
    check_command(result, "sudo sysctl kernel.numa_balancing=0");
}

static void judge_thp(const struct doctor_facts *facts, struct check_result *result)
{
    char text[64];
    if (!sysfile_read(
            facts->root, "/sys/kernel/mm/transparent_hugepage/enabled", text, sizeof text)) {
        check_is_found(result, "not in this kernel");
        check_set(result, CHECK_NOTE, "--pages thp has no effect.");
        return;
    }
    sysfile_tidy(text);
    check_is_found(result, "%s", text);
    if (strstr(text, "[never]") == NULL)
        return;
    check_set(result, CHECK_NOTE, "--pages thp has no effect.");
    check_command(result, "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
}

static void judge_huge(const struct doctor_facts *facts, struct check_result *result)
{
    int64_t pages = 0;
    sysfile_i64(facts->root, "/proc/sys/vm/nr_hugepages", &pages);
    check_is_found(result, "%" PRId64 " reserved", pages);
    if (pages > 0)
        return;
    check_set(result, CHECK_NOTE, "--pages 2m is not available; the default pages are.");
    check_command(result, "sudo sysctl vm.nr_hugepages=64");
}

/* The counters' ring buffers are locked memory; 64 KiB is an old default. */
static void judge_memlock(const struct doctor_facts *facts, struct check_result *result)
{
    enum { ENOUGH_BYTES = 512 << 10 };
    if (facts->memlock_bytes == UINT64_MAX)
        check_is_found(result, "unlimited");
    else
        check_is_found(result, "%" PRIu64 " KiB", facts->memlock_bytes >> 10);
    if (facts->memlock_bytes >= ENOUGH_BYTES)
        return;
    check_set(result, CHECK_NOTE, "Too little for the sampling buffers of many counters at once.");
    check_command(result, "ulimit -l 8192");
}

const struct doctor_check doctor_checks_memory[] = {
    {"memory nodes", judge_nodes},
    {"mbind", judge_mbind},
    {"move_pages", judge_move_pages},
    {"numa balancing", judge_balancing},
    {"thp", judge_thp},
    {"huge pages", judge_huge},
    {"locked memory", judge_memlock},
    {0},
};
