/* SPDX-License-Identifier: MIT
 * probes/system with sysfile, hypervisor and cgroup: read from made-up /proc and /sys, and once
 * from the real ones. */
#include "tests/test.h"

#include "machine/system/cgroup.h"
#include "machine/system/hypervisor.h"
#include "machine/system/node_room.h"
#include "machine/system/sysfile.h"
#include "machine/system/system.h"
#include "tests/fakeroot.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VIRTUAL "model name\t: X\nflags\t\t: fpu hypervisor lahf_lm\n"
#define REAL "model name\t: X\nflags\t\t: fpu lahf_lm\n"
#define DMI "/sys/class/dmi/id/"

static void test_tidy(void **state)
{
    (void)state;
    char text[] = " \t Oxide\nVirtual \033[1m  CPU\x7f ";
    sysfile_tidy(text);
    assert_string_equal(text, "Oxide Virtual [1m CPU");
    char empty[] = "\n ";
    sysfile_tidy(empty);
    assert_string_equal(empty, "");
}

static void test_sysfile(void **state)
{
    (void)state;
    struct fakeroot root;
    char text[8];
    int64_t value = 7;
    fakeroot_init(&root);
    fakeroot_file(&root, "/a", "-12\n");
    fakeroot_file(&root, "/word", "max\n");
    fakeroot_file(&root, "/long", "0123456789");
    fakeroot_bytes(&root, "/nul", "arm\0", 4);
    fakeroot_file(&root, "/keys", "ab: 1\na : two words\n");
    assert_true(sysfile_i64(root.path, "/a", &value));
    assert_int_equal(value, -12);
    assert_false(sysfile_i64(root.path, "/word", &value));
    assert_false(sysfile_i64(root.path, "/missing", &value));
    assert_int_equal(value, -12);
    assert_true(sysfile_read(root.path, "/long", text, sizeof text));
    assert_string_equal(text, "0123456");
    assert_true(sysfile_read(root.path, "/nul", text, sizeof text));
    assert_string_equal(text, "arm");
    assert_false(sysfile_read(root.path, "/missing", text, sizeof text));
    assert_string_equal(text, "");
    assert_true(sysfile_value(root.path, "/keys", "a", text, sizeof text));
    assert_string_equal(text, "two wor");
    assert_false(sysfile_value(root.path, "/keys", "b", text, sizeof text));
    fakeroot_fini(&root);
}

static void test_model(void **state)
{
    (void)state;
    static const struct {
        const char *cpuinfo, *model;
    } cases[] = {
        {"processor\t: 0\nmodel name\t: AMD  EPYC\t9755\nflags\t: fpu\n", "AMD EPYC 9755"},
        {"processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n", "Arm Neoverse-V1"},
        {"CPU implementer\t: 0x99\nCPU part\t: 0x001\n", "Arm implementer 0x99 part 0x001"},
        {"model name\t: 012345678901234567890123456789012345678901234567890123456789end\n",
            "012345678901234567890123456789012345678901234567890123456789end"},
        {"nothing\n", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fakeroot root;
        struct system_info info;
        fakeroot_init(&root);
        fakeroot_file(&root, "/proc/cpuinfo", cases[i].cpuinfo);
        system_read_at(root.path, &info);
        assert_string_equal(info.cpu_model, cases[i].model);
        fakeroot_fini(&root);
    }
}

static void test_hypervisor(void **state)
{
    (void)state;
    static const struct {
        const char *cpuinfo, *path, *text, *name;
    } cases[] = {
        {VIRTUAL, "/none", "", "unknown"},
        {REAL, "/none", "", ""},
        {REAL, DMI "sys_vendor", "Google\n", ""}, /* no flag: bare metal of a cloud */
        {VIRTUAL, DMI "sys_vendor", "Google\n", "Google Compute Engine"},
        {VIRTUAL, DMI "sys_vendor", "VMware, Inc.\n", "VMware"},
        {VIRTUAL, DMI "product_name", "KVM\n", "KVM"},
        {VIRTUAL, "/sys/hypervisor/type", "xen\n", "Xen"},
        {VIRTUAL, "/sys/firmware/acpi/tables/APIC", "APICH...??FIRECKFCVMMADT", "Firecracker"},
        {VIRTUAL, "/sys/devices/system/clocksource/clocksource0/available_clocksource",
            "kvm-clock tsc acpi_pm\n", "KVM"},
        {"CPU part\t: 0xd0c\n", DMI "product_name", "m7g.metal\n", ""},
        {"CPU part\t: 0xd0c\n", DMI "sys_vendor", "Amazon EC2\n", "Amazon EC2"},
        {"CPU part\t: 0xd0c\n", "/proc/device-tree/compatible", "linux,dummy-virt", "QEMU"},
        {"CPU part\t: 0xd0c\n", "/none", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fakeroot root;
        char name[32];
        fakeroot_init(&root);
        fakeroot_file(&root, "/proc/cpuinfo", cases[i].cpuinfo);
        fakeroot_file(&root, cases[i].path, cases[i].text);
        hypervisor_read(root.path, name, sizeof name);
        assert_string_equal(name, cases[i].name);
        fakeroot_fini(&root);
    }
}

/* The register at offset 0x1a4 of the msr device, which a sparse file can stand for. */
static void write_msr(const struct fakeroot *root, unsigned char value)
{
    unsigned char bytes[0x1a4 + 8] = {0};
    bytes[0x1a4] = value;
    fakeroot_bytes(root, "/dev/cpu/0/msr", bytes, sizeof bytes);
}

static void test_prefetchers(void **state)
{
    (void)state;
    static const struct {
        const char *vendor;
        int value; /* -1: no such device */
        const char *text;
    } cases[] = {
        {"GenuineIntel", 0, "all on"},
        {"GenuineIntel", 0xf, "all off"},
        {"GenuineIntel", 0x2, "on except L2 adjacent line"},
        {"GenuineIntel", 0x3, "on except L2 streamer, L2 adjacent line"},
        {"GenuineIntel", -1, "unknown"},
        {"AuthenticAMD", 0, "unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fakeroot root;
        struct system_info info;
        char cpuinfo[64];
        fakeroot_init(&root);
        snprintf(cpuinfo, sizeof cpuinfo, "vendor_id\t: %s\n", cases[i].vendor);
        fakeroot_file(&root, "/proc/cpuinfo", cpuinfo);
        if (cases[i].value >= 0)
            write_msr(&root, (unsigned char)cases[i].value);
        system_read_at(root.path, &info);
        assert_string_equal(info.prefetchers, cases[i].text);
        fakeroot_fini(&root);
    }
}

static void test_times(void **state)
{
    (void)state;
    struct fakeroot root;
    struct system_times times;
    const unsigned both[] = {0, 11, 0}, absent[] = {0, 1}, beyond[] = {9999};
    const uint64_t tick = UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK);
    fakeroot_init(&root);
    assert_int_equal(system_times_at(root.path, both, 3, &times), -ENOENT);
    fakeroot_file(&root, "/proc/stat",
        "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 1 2 3 40 50 6 7 8 0 0\n"
        "cpu11 10 0 0 100 0 0 0 5 0 0\nintr 1 2 3\ncpu1 1 1 1 1 1 1 1 1 1 1\n");
    assert_int_equal(system_times_at(root.path, both, 3, &times), 0);
    assert_int_equal(times.busy_ns, (1 + 2 + 3 + 6 + 7 + 10) * tick);
    assert_int_equal(times.idle_ns, (40 + 50 + 100) * tick);
    assert_int_equal(times.steal_ns, (8 + 5) * tick);
    assert_int_equal(system_times_at(root.path, absent, 2, &times), -ENOENT);
    assert_int_equal(system_times_at(root.path, beyond, 1, &times), -ENOENT);
    assert_int_equal(system_times_at(root.path, NULL, 0, &times), 0);
    assert_int_equal(times.steal_ns, 0);
    fakeroot_fini(&root);
}

static void test_cgroup(void **state)
{
    (void)state;
    static const struct {
        const char *self, *path, *text, *expected_path;
        double quota;
    } cases[] = {
        {"0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max", "250000 100000\n", "/a/b", 2.5},
        {"0::/a/b\n", "/sys/fs/cgroup/a/cpu.max", "50000 100000\n", "/a/b", 0.5},
        {"0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max", "max 100000\n", "/a/b", 0},
        {"0::/not/here\n", "/sys/fs/cgroup/cpu.max", "100000 100000\n", "/not/here", 1},
        {"0::/\n", "/sys/fs/cgroup/unified/cpu.max", "100000 50000\n", "/", 2},
        {"0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max", "garbage\n", "/a/b", 0},
        {"5:name=x:/y\n", "/none", "", "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fakeroot root;
        struct cgroup_info info;
        fakeroot_init(&root);
        fakeroot_file(&root, "/proc/self/cgroup", cases[i].self);
        fakeroot_file(&root, cases[i].path, cases[i].text);
        cgroup_read(root.path, &info);
        assert_string_equal(info.path, cases[i].expected_path);
        assert_float_equal(info.quota_cpus, cases[i].quota, 1e-9);
        fakeroot_fini(&root);
    }
}

/* Version 1 beside an empty version 2, as systemd's hybrid mode has it. */
static void test_cgroup_v1(void **state)
{
    (void)state;
    struct fakeroot root;
    struct cgroup_info info;
    fakeroot_init(&root);
    fakeroot_file(&root, "/proc/self/cgroup", "4:memory:/m\n2:cpu,cpuacct:/job\n0::/init\n");
    fakeroot_file(&root, "/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "150000\n");
    fakeroot_file(&root, "/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
    cgroup_read(root.path, &info);
    assert_string_equal(info.path, "/job");
    assert_float_equal(info.quota_cpus, 1.5, 1e-9);
    fakeroot_file(&root, "/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
    cgroup_read(root.path, &info);
    assert_float_equal(info.quota_cpus, 0, 0);
    fakeroot_fini(&root);
}

static void assert_one_line(const char *text)
{
    for (; *text != '\0'; text++)
        assert_true((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void test_here(void **state)
{
    (void)state;
    struct system_info info;
    system_read(&info);
    assert_string_not_equal(info.host, "");
    assert_string_not_equal(info.arch, "");
    assert_string_not_equal(info.kernel, "");
    assert_string_not_equal(info.prefetchers, "");
    assert_one_line(info.host);
    assert_one_line(info.cpu_model);
    assert_one_line(info.hypervisor);
}

static void test_steal_here(void **state)
{
    (void)state;
    uint64_t first = 0, second = 0;
    const int cpu = sched_getcpu();
    const unsigned here[] = {cpu < 0 ? 0 : (unsigned)cpu};
    if (access("/proc/stat", R_OK) != 0)
        SKIP_BECAUSE("no /proc/stat");
    assert_int_equal(system_steal_ns(here, 1, &first), 0);
    assert_int_equal(system_steal_ns(here, 1, &second), 0);
    assert_true(second >= first);
}

static void settings_are_those_that_can_be_read(void **state)
{
    (void)state;
    struct fakeroot root;
    char text[384];
    fakeroot_init(&root);
    settings_read(root.path, text, sizeof text);
    assert_string_equal(text, "");
    fakeroot_file(&root, "/sys/devices/system/node/online", "0-1\n");
    fakeroot_file(&root, "/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    fakeroot_file(&root, "/sys/devices/system/cpu/smt/control", "two words\n");
    settings_read(root.path, text, sizeof text);
    assert_string_equal(text, "nodes=0-1 smt=two_words thp=madvise");
    fakeroot_fini(&root);
}

/* Two zones of node 1, one of them below its reserve; other nodes do not count. */
static void a_node_has_room_above_its_reserve(void **state)
{
    (void)state;
    struct fakeroot root;
    fakeroot_init(&root);
    assert_true(node_room(root.path, 0) == -1);
    fakeroot_file(&root, "/proc/zoneinfo",
        "Node 0, zone      DMA\n  pages free     9000\n        min      10\n"
        "Node 1, zone    DMA32\n  per-node stats\n      nr_zone_inactive_file 7\n"
        "  pages free     10\n        boost    0\n        min      60\n        low      70\n"
        "Node 1, zone   Normal\n  pages free     1000\n        min      100\n"
        "      nr_zone_inactive_file 43\n"
        "Node 2, zone   Normal\n  pages free     5\n        min      50\n");
    assert_int_equal(node_room(root.path, 1), 900 * sysconf(_SC_PAGESIZE));
    assert_int_equal(node_room(root.path, 2), 0);
    assert_true(node_room(root.path, 3) == -1);
    fakeroot_fini(&root);
}
