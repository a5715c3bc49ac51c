/* SPDX-License-Identifier: MIT
 * probes/doctor: every check both ways, on facts and files made up; and once on the real machine.
 */
#include "tests/test.h"

#include "machine/system/doctor.h"
#include "machine/topology.h"
#include "tests/fakeroot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPU "/sys/devices/system/cpu/"
#define CLOCK "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define STEADY "flags\t: constant_tsc nonstop_tsc\n"

struct ward {
    struct fakeroot root;
    struct machine *machine;
    struct topology topology;
    struct doctor_facts facts;
};

static void ward_init(struct ward *ward, const char *source)
{
    struct err err = {0};
    fakeroot_init(&ward->root);
    if (machine_open(source, &ward->machine, &ward->topology, &err) != 0)
        fail_msg("%s", err.text);
    ward->facts = (struct doctor_facts){.root = ward->root.path,
        .topology = &ward->topology,
        .system = {.prefetchers = "all on"},
        .memlock_bytes = UINT64_MAX};
}

static void ward_fini(struct ward *ward)
{
    topology_fini(&ward->topology);
    machine_close(ward->machine);
    fakeroot_fini(&ward->root);
}

static struct check_result judged(const struct ward *ward, const char *name)
{
    struct check_result finding[DOCTOR_CHECKS_MAX];
    const size_t count = doctor_judge(&ward->facts, finding);
    for (size_t i = 0; i < count; i++)
        if (strcmp(finding[i].name, name) == 0)
            return finding[i];
    fail_msg("no check '%s'", name);
    return (struct check_result){0};
}

/* Whatever is not in order says what that means. */
static void assert_level(const struct ward *ward, const char *name, enum check_level level)
{
    const struct check_result finding = judged(ward, name);
    if (finding.level != level)
        fail_msg("%s: %s: %s", name, check_level_name(finding.level), finding.found);
    assert_string_not_equal(finding.found, "");
    assert_true(level == CHECK_OK || finding.meaning[0] != '\0');
}

#define ONE_NODE "pack:1 numa:1 l3:1 core:4 pu:1"
#define TWO_NODES "pack:2 numa:1 l3:1 core:4 pu:1"

static const struct by_file {
    const char *check, *machine, *path, *text;
    enum check_level level;
    const char *command; /* a part of it; NULL: none */
} by_file[] = {
    {"perf paranoid", ONE_NODE, "/proc/sys/kernel/perf_event_paranoid", "4\n", CHECK_NOTE,
        "kernel.perf_event_paranoid=1"},
    {"perf paranoid", ONE_NODE, "/proc/sys/kernel/perf_event_paranoid", "2\n", CHECK_NOTE,
        "kernel.perf_event_paranoid=0"},
    {"perf paranoid", ONE_NODE, "/proc/sys/kernel/perf_event_paranoid", "-1\n", CHECK_OK, NULL},
    {"perf paranoid", ONE_NODE, "/none", "", CHECK_NOTE, NULL},
    {"nmi watchdog", ONE_NODE, "/proc/sys/kernel/nmi_watchdog", "1\n", CHECK_NOTE,
        "nmi_watchdog=0"},
    {"nmi watchdog", ONE_NODE, "/proc/sys/kernel/nmi_watchdog", "0\n", CHECK_OK, NULL},
    {"governor", ONE_NODE, CPU "cpu2/cpufreq/scaling_governor", "powersave\n", CHECK_LIMIT,
        "cpupower"},
    {"governor", ONE_NODE, CPU "cpu2/cpufreq/scaling_governor", "performance\n", CHECK_OK, NULL},
    {"governor", ONE_NODE, "/none", "", CHECK_NOTE, NULL},
    {"boost", ONE_NODE, CPU "cpufreq/boost", "1\n", CHECK_NOTE,
        "echo 0 | sudo tee " CPU "cpufreq/boost"},
    {"boost", ONE_NODE, CPU "cpufreq/boost", "0\n", CHECK_OK, NULL},
    {"boost", ONE_NODE, CPU "intel_pstate/no_turbo", "0\n", CHECK_NOTE, "echo 1"},
    {"boost", ONE_NODE, CPU "intel_pstate/no_turbo", "1\n", CHECK_OK, NULL},
    {"smt", ONE_NODE, CPU "smt/active", "1\n", CHECK_NOTE, "numaprobe topo"},
    {"smt", ONE_NODE, CPU "smt/active", "0\n", CHECK_OK, NULL},
    {"numa balancing", ONE_NODE, "/proc/sys/kernel/numa_balancing", "1\n", CHECK_OK, NULL},
    {"numa balancing", TWO_NODES, "/proc/sys/kernel/numa_balancing", "1\n", CHECK_LIMIT,
        "numa_balancing=0"},
    {"numa balancing", TWO_NODES, "/proc/sys/kernel/numa_balancing", "0\n", CHECK_OK, NULL},
    {"thp", ONE_NODE, "/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n",
        CHECK_NOTE, "echo madvise"},
    {"thp", ONE_NODE, "/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n",
        CHECK_OK, NULL},
    {"huge pages", ONE_NODE, "/proc/sys/vm/nr_hugepages", "0\n", CHECK_NOTE, "nr_hugepages"},
    {"huge pages", ONE_NODE, "/proc/sys/vm/nr_hugepages", "16\n", CHECK_OK, NULL},
    {"clock", ONE_NODE, "/proc/cpuinfo", STEADY, CHECK_OK, NULL},
    {"clock", ONE_NODE, "/proc/cpuinfo", "flags\t: tsc\n", CHECK_LIMIT, NULL},
    {"clock", ONE_NODE, CLOCK, "arch_sys_counter\n", CHECK_OK, NULL},
    {"cpus online", ONE_NODE, CPU "offline", "4-7\n", CHECK_NOTE, "online"},
    {"cpus online", ONE_NODE, CPU "online", "0-3\n", CHECK_OK, NULL},
    {"cpus isolated", ONE_NODE, CPU "isolated", "2-3\n", CHECK_NOTE, NULL},
    {"cpus isolated", ONE_NODE, CPU "isolated", "\n", CHECK_OK, NULL},
    {"topology", "data/topologies/private-l3-vm.xml", "/none", "", CHECK_LIMIT, "numaprobe topo"},
    {"topology", ONE_NODE, "/none", "", CHECK_OK, NULL},
    {"core kinds", "data/topologies/hybrid-6p-8e.xml", "/none", "", CHECK_NOTE, "numaprobe topo"},
    {"core kinds", ONE_NODE, "/none", "", CHECK_OK, NULL},
};

static void test_by_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof by_file / sizeof *by_file; i++) {
        struct ward ward;
        ward_init(&ward, by_file[i].machine);
        fakeroot_file(&ward.root, by_file[i].path, by_file[i].text);
        assert_level(&ward, by_file[i].check, by_file[i].level);
        const struct check_result finding = judged(&ward, by_file[i].check);
        if (by_file[i].command == NULL)
            assert_string_equal(finding.command, "");
        else
            assert_non_null(strstr(finding.command, by_file[i].command));
        ward_fini(&ward);
    }
}

static void test_distrusted_tsc(void **state)
{
    (void)state;
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    fakeroot_file(&ward.root, "/proc/cpuinfo", STEADY);
    fakeroot_file(&ward.root, CLOCK, "tsc\n");
    assert_level(&ward, "clock", CHECK_OK);
    fakeroot_file(&ward.root, CLOCK, "hpet\n");
    assert_level(&ward, "clock", CHECK_LIMIT);
    assert_non_null(strstr(judged(&ward, "clock").command, "dmesg"));
    ward_fini(&ward);
}

static void test_pmu(void **state)
{
    (void)state;
    static const struct {
        int error;
        enum check_level level;
        const char *found, *command;
    } cases[] = {
        {0, CHECK_OK, "opens", ""},
        {-ENOENT, CHECK_LIMIT, "none here (ENOENT)", ""},
        {-EACCES, CHECK_LIMIT, "forbidden (EACCES)", "sudo sysctl kernel.perf_event_paranoid=1"},
        {-EPERM, CHECK_LIMIT, "forbidden (EPERM)", "sudo sysctl kernel.perf_event_paranoid=1"},
        {-ENOSYS, CHECK_LIMIT, "ENOSYS", ""},
        {-EMFILE, CHECK_LIMIT, "Too many open files", ""},
    };
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ward.facts.pmu = cases[i].error;
        assert_level(&ward, "pmu", cases[i].level);
        assert_non_null(strstr(judged(&ward, "pmu").found, cases[i].found));
        assert_string_equal(judged(&ward, "pmu").command, cases[i].command);
    }
    ward_fini(&ward);
}

/* A refused call limits only where there is more than one node to be wrong about. */
static void test_calls(void **state)
{
    (void)state;
    struct ward one, two;
    ward_init(&one, ONE_NODE);
    ward_init(&two, TWO_NODES);
    static const char *const names[] = {"mbind", "move_pages"};
    for (size_t i = 0; i < 2; i++) {
        assert_level(&two, names[i], CHECK_OK);
        one.facts.mbind = one.facts.move_pages = -EPERM;
        two.facts.mbind = two.facts.move_pages = -EPERM;
        assert_level(&one, names[i], CHECK_NOTE);
        assert_level(&two, names[i], CHECK_LIMIT);
        assert_non_null(strstr(judged(&two, names[i]).command, "SYS_NICE"));
        two.facts.mbind = two.facts.move_pages = -ENOSYS;
        assert_string_equal(judged(&two, names[i]).command, "");
        two.facts.mbind = two.facts.move_pages = 0;
    }
    ward_fini(&one);
    ward_fini(&two);
}

static void allow(struct ward *ward, size_t cpus)
{
    for (size_t i = 0; i < ward->topology.cpus; i++)
        ward->topology.cpu[i].allowed = i < cpus;
}

static void test_cpus(void **state)
{
    (void)state;
    static const enum check_level level[] = {
        CHECK_STOP, CHECK_LIMIT, CHECK_NOTE, CHECK_NOTE, CHECK_OK};
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    for (size_t cpus = 0; cpus <= 4; cpus++) {
        allow(&ward, cpus);
        assert_level(&ward, "cpus", level[cpus]);
    }
    ward_fini(&ward);
}

static void test_nodes(void **state)
{
    (void)state;
    struct ward ward;
    ward_init(&ward, TWO_NODES);
    assert_level(&ward, "memory nodes", CHECK_OK);
    ward.topology.node[1].allowed = false;
    assert_level(&ward, "memory nodes", CHECK_NOTE);
    ward.topology.node[0].allowed = false;
    assert_level(&ward, "memory nodes", CHECK_STOP);
    ward_fini(&ward);
}

static void test_quota(void **state)
{
    (void)state;
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    assert_level(&ward, "cpu quota", CHECK_OK);
    ward.facts.cgroup.quota_cpus = 1.5;
    assert_level(&ward, "cpu quota", CHECK_LIMIT);
    assert_non_null(strstr(judged(&ward, "cpu quota").found, "1.50 cpus"));
    ward.facts.cgroup.quota_cpus = 4;
    assert_level(&ward, "cpu quota", CHECK_OK);
    ward_fini(&ward);
}

static void test_load(void **state)
{
    (void)state;
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    assert_level(&ward, "other load", CHECK_OK); /* not read: no window */
    fakeroot_file(&ward.root, "/proc/loadavg", "3.25 1.00 0.50 2/84 3739\n");
    ward.facts.window = (struct system_times){.busy_ns = 1, .idle_ns = 99};
    assert_level(&ward, "other load", CHECK_OK);
    assert_non_null(strstr(judged(&ward, "other load").found, "load average 3.25"));
    ward.facts.window = (struct system_times){.busy_ns = 50, .idle_ns = 50};
    assert_level(&ward, "other load", CHECK_LIMIT);
    ward_fini(&ward);
}

static void test_steal(void **state)
{
    (void)state;
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    assert_level(&ward, "steal", CHECK_OK);
    ward.facts.since_boot = (struct system_times){.idle_ns = 90, .steal_ns = 10};
    assert_level(&ward, "steal", CHECK_NOTE);
    ward.facts.window = ward.facts.since_boot;
    assert_level(&ward, "steal", CHECK_LIMIT);
    ward_fini(&ward);
}

static void test_other_facts(void **state)
{
    (void)state;
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    assert_level(&ward, "hypervisor", CHECK_OK);
    assert_level(&ward, "prefetchers", CHECK_OK);
    assert_level(&ward, "locked memory", CHECK_OK);
    ward.facts.system = (struct system_info){.hypervisor = "KVM", .prefetchers = "unknown"};
    ward.facts.memlock_bytes = 65536;
    assert_level(&ward, "hypervisor", CHECK_LIMIT);
    assert_level(&ward, "prefetchers", CHECK_NOTE);
    assert_level(&ward, "locked memory", CHECK_NOTE);
    ward_fini(&ward);
}

static void test_gather_fake(void **state)
{
    (void)state;
    struct ward ward;
    ward_init(&ward, ONE_NODE);
    fakeroot_file(&ward.root, "/proc/stat",
        "cpu  0\ncpu0 1 0 0 9 0 0 0 1 0 0\ncpu1 1 0 0 9 0 0 0 1 0 0\n"
        "cpu2 1 0 0 9 0 0 0 1 0 0\ncpu3 1 0 0 9 0 0 0 1 0 0\n");
    fakeroot_file(&ward.root, "/proc/self/cgroup", "0::/job\n");
    doctor_gather(ward.root.path, &ward.topology, 0, &ward.facts);
    assert_int_equal(ward.facts.window.busy_ns, 0);
    assert_int_equal(ward.facts.since_boot.steal_ns * 10, ward.facts.since_boot.idle_ns * 10 / 9);
    assert_string_equal(ward.facts.cgroup.path, "/job");
    ward_fini(&ward);
}

/* An empty root: nothing can be read, everything still says something and nothing stops. */
static void test_empty_root(void **state)
{
    (void)state;
    struct ward ward;
    struct check_result finding[DOCTOR_CHECKS_MAX];
    ward_init(&ward, ONE_NODE);
    doctor_gather(ward.root.path, &ward.topology, 0, &ward.facts);
    const size_t count = doctor_judge(&ward.facts, finding);
    for (size_t i = 0; i < count; i++)
        assert_level(&ward, finding[i].name, finding[i].level);
    ward_fini(&ward);
}

static void test_here(void **state)
{
    (void)state;
    struct machine *machine;
    struct topology topology;
    struct doctor_facts facts;
    struct check_result finding[DOCTOR_CHECKS_MAX];
    struct err err = {0};
    assert_int_equal(machine_open(NULL, &machine, &topology, &err), 0);
    doctor_gather("", &topology, 20, &facts);
    const size_t count = doctor_judge(&facts, finding);
    assert_true(count > 15 && count <= DOCTOR_CHECKS_MAX);
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(finding[i].level, CHECK_STOP);
        assert_string_not_equal(finding[i].found, "");
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(finding[i].name, finding[j].name);
    }
    topology_fini(&topology);
    machine_close(machine);
}
