/* SPDX-License-Identifier: MIT
 * Where pages are, whether they stay there, and whether that can be told. */
#include "machine/system/doctor_checks.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static bool is_one_node(const struct doctor_facts *facts)
{
    return facts->topology->nodes <= 1;
}

static void judge_nodes(const struct doctor_facts *facts, struct check_result *finding)
{
    size_t allowed = 0;
    for (size_t i = 0; i < facts->topology->nodes; i++)
        allowed += facts->topology->node[i].allowed;
    check_is_found(finding, "%zu of %zu may be used", allowed, facts->topology->nodes);
    if (allowed == 0)
        check_set(finding, CHECK_STOP, "No memory may be allocated on any node.");
    else if (allowed < facts->topology->nodes)
        check_set(finding, CHECK_NOTE,
            "Memory of the others is outside the cpuset of this cgroup (or they have none).");
}

/* With one node there is no wrong place, whoever may bind or ask. */
static void judge_call(
    const struct doctor_facts *facts, int error, const char *meaning, struct check_result *finding)
{
    if (error == 0) {
        check_is_found(finding, "permitted");
        return;
    }
    check_is_found(finding, "refused: %s", strerror(-error));
    if (is_one_node(facts)) {
        check_set(finding, CHECK_NOTE, "No matter here: there is one node only.");
        return;
    }
    check_set(finding, CHECK_LIMIT, meaning);
    if (error == -EPERM)
        check_command(finding, "docker run --cap-add SYS_NICE ...  # or another seccomp profile");
}

static void judge_mbind(const struct doctor_facts *facts, struct check_result *finding)
{
    judge_call(facts, facts->mbind,
        "Memory cannot be bound to a node: pages lie where they are first touched. Rows are marked "
        "'unverified' where that can't be checked.",
        finding);
}

static void judge_move_pages(const struct doctor_facts *facts, struct check_result *finding)
{
    judge_call(facts, facts->move_pages,
        "Where pages really are is read from numa_maps instead, or rows are marked 'unverified'.",
        finding);
}

static void judge_balancing(const struct doctor_facts *facts, struct check_result *finding)
{
    int64_t value = 0;
    const bool is_there = sysfile_i64(facts->root, "/proc/sys/kernel/numa_balancing", &value);
    check_is_found(finding, !is_there ? "not in this kernel" : value != 0 ? "on" : "off");
    if (value == 0)
        return;
    if (is_one_node(facts)) {
        check_set(finding, CHECK_OK, "No matter here: there is one node only.");
        return;
    }
    check_set(finding, CHECK_LIMIT,
        "The kernel unmaps pages now and then to see who uses them, and moves them: extra faults "
        "in the figures.");
    check_command(finding, "sudo sysctl kernel.numa_balancing=0");
}

static void judge_thp(const struct doctor_facts *facts, struct check_result *finding)
{
    char text[64];
    if (!sysfile_read(
            facts->root, "/sys/kernel/mm/transparent_hugepage/enabled", text, sizeof text)) {
        check_is_found(finding, "not in this kernel");
        check_set(finding, CHECK_NOTE, "--pages thp has no effect.");
        return;
    }
    sysfile_tidy(text);
    check_is_found(finding, "%s", text);
    if (strstr(text, "[never]") == NULL)
        return;
    check_set(finding, CHECK_NOTE, "--pages thp has no effect.");
    check_command(finding, "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
}

static void judge_huge(const struct doctor_facts *facts, struct check_result *finding)
{
    int64_t pages = 0;
    sysfile_i64(facts->root, "/proc/sys/vm/nr_hugepages", &pages);
    check_is_found(finding, "%" PRId64 " reserved", pages);
    if (pages > 0)
        return;
    check_set(finding, CHECK_NOTE, "--pages 2m is not available; the default pages are.");
    check_command(finding, "sudo sysctl vm.nr_hugepages=64");
}

/* Each thread's pages and the counters' ring buffers are locked; 64 KiB is an old default. */
static void judge_memlock(const struct doctor_facts *facts, struct check_result *finding)
{
    enum { ENOUGH_BYTES = 512 << 10 };
    if (facts->memlock_bytes == UINT64_MAX)
        check_is_found(finding, "unlimited");
    else
        check_is_found(finding, "%" PRIu64 " KiB", facts->memlock_bytes >> 10);
    if (facts->memlock_bytes >= ENOUGH_BYTES)
        return;
    check_set(finding, CHECK_NOTE, "Too little for the sampling buffers of many counters at once.");
    check_command(finding, "ulimit -l 8192");
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
