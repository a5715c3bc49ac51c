/* SPDX-License-Identifier: MIT
 * machine/recording: a large machine and a small one are read back; what no machine has is refused.
 */
#include "base/cpuset.h"
#include "machine/system/doctor_calls.h"
#include "machine/system/sysfile.h"
#include "machine/topology.h"
#include "tests/recording_made.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE_CPUS = 256, LARGE_NODES = 8 };

/* As the kernel prints it: words of 32 bits, the highest first. */
static void mask(unsigned first, unsigned count, char *out, size_t size)
{
    *out = '\0';
    for (int word = LARGE_CPUS / 32 - 1; word >= 0; word--) {
        uint32_t bits = 0;
        for (unsigned cpu = first; cpu < first + count; cpu++)
            bits |= cpu / 32 == (unsigned)word ? 1u << cpu % 32 : 0;
        snprintf(out + strlen(out), size - strlen(out), "%08" PRIx32 "%s", bits, word ? "," : "\n");
    }
}

/* Two threads a core, 16 cpus an L3, 32 a node, 128 a package. */
static void add_large_cpu(const struct fakeroot *root, unsigned cpu)
{
    static const struct {
        const char *name;
        unsigned threads, divisor;
    } masks[] = {{"topology/core_cpus", 2, 2}, {"topology/die_cpus", 32, 32},
        {"topology/package_cpus", 128, 128}, {"cache/index0/shared_cpu_map", 2, 2},
        {"cache/index1/shared_cpu_map", 2, 2}, {"cache/index2/shared_cpu_map", 2, 2},
        {"cache/index3/shared_cpu_map", 16, 16}};
    static const char *const caches[][3] = {{"1", "Data", "32K"}, {"1", "Instruction", "32K"},
        {"2", "Unified", "1024K"}, {"3", "Unified", "32768K"}};
    char text[128], name[64];
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        mask(cpu / masks[i].divisor * masks[i].divisor, masks[i].threads, text, sizeof text);
        cpu_file(root, cpu, masks[i].name, text);
    }
    snprintf(text, sizeof text, "%u\n", cpu / 2);
    cpu_file(root, cpu, "topology/core_id", text);
    cpu_file(root, cpu, "topology/die_id", "0\n");
    snprintf(text, sizeof text, "%u\n", cpu / 128);
    cpu_file(root, cpu, "topology/physical_package_id", text);
    for (int i = 0; i < 4; i++) {
        static const char *const names[] = {"level", "type", "size"};
        for (int k = 0; k < 3; k++) {
            snprintf(name, sizeof name, "cache/index%d/%s", i, names[k]);
            snprintf(text, sizeof text, "%s\n", caches[i][k]);
            cpu_file(root, cpu, name, text);
        }
        snprintf(name, sizeof name, "cache/index%d/coherency_line_size", i);
        cpu_file(root, cpu, name, "64\n");
        snprintf(name, sizeof name, "cache/index%d/number_of_sets", i);
        cpu_file(root, cpu, name, "32768\n");
        snprintf(name, sizeof name, "cache/index%d/id", i);
        cpu_file(root, cpu, name, "255\n");
    }
    cpu_file(root, cpu, "cpufreq/scaling_governor", "schedutil\n");
    cpu_file(root, cpu, "cpufreq/cpuinfo_max_freq", "3700000\n");
    cpu_file(root, cpu, "online", "1\n");
}

static void add_large_node(const struct fakeroot *root, unsigned node)
{
    char path[160], text[128];
    snprintf(path, sizeof path, NODE "node%u/cpumap", node);
    mask(node * LARGE_CPUS / LARGE_NODES, LARGE_CPUS / LARGE_NODES, text, sizeof text);
    fakeroot_file(root, path, text);
    snprintf(path, sizeof path, NODE "node%u/meminfo", node);
    snprintf(text, sizeof text, "Node %u MemTotal: 65536000 kB\n", node);
    fakeroot_file(root, path, text);
    *text = '\0';
    for (unsigned i = 0; i < LARGE_NODES; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%u ", i == node ? 10 : 32);
    snprintf(path, sizeof path, NODE "node%u/distance", node);
    fakeroot_file(root, path, text);
}

/* The flags are those of a processor of 2024, some 1.7 KiB. */
static void add_large_files(const struct fakeroot *root)
{
    char *text;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    for (unsigned cpu = 0; cpu < LARGE_CPUS; cpu++) {
        fprintf(out,
            "processor\t: %u\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n"
            "model name\t: AMD EPYC 9554 64-Core Processor\nstepping\t: 1\nmicrocode\t: 0xa10113e\n"
            "cpu MHz\t\t: 1500.000\ncache size\t: 1024 KB\nphysical id\t: %u\nsiblings\t: 128\n"
            "core id\t\t: %u\ncpu cores\t: 64\napicid\t\t: %u\nflags\t\t:",
            cpu, cpu / 128, cpu / 2, cpu);
        for (int i = 0; i < 170; i++)
            fprintf(out, " avx512flag");
        fprintf(out, "\nbogomips\t: 6200.00\n\n");
    }
    fclose(out);
    fakeroot_file(root, "/proc/cpuinfo", text);
    fakeroot_file(root, "/proc/self/status", "Cpus_allowed_list:\t0-199\n");
    fakeroot_file(root, CPU "online", "0-255\n");
    fakeroot_file(root, CPU "possible", "0-255\n");
    fakeroot_file(root, NODE "online", "0-7\n");
    fakeroot_file(root, NODE "possible", "0-7\n");
    free(text);
}

static void a_machine_of_256_cpus_takes_less_than_a_megabyte(void **state)
{
    (void)state;
    struct fakeroot root;
    struct recording_made made;
    struct machine *machine;
    struct topology t;
    struct err err = {0};
    char folder[300];
    fakeroot_init(&root);
    add_large_files(&root);
    for (unsigned i = 0; i < LARGE_CPUS; i++)
        add_large_cpu(&root, i);
    for (unsigned i = 0; i < LARGE_NODES; i++)
        add_large_node(&root, i);
    snprintf(folder, sizeof folder, "%s/recording", root.path);
    if (make(&root, folder, &made, &err) != 0)
        fail_msg("%s", err.text);
    print_message("# %zu files of %zu bytes in %zu bytes\n", made.files, made.bytes,
        file_bytes(folder, "files.txt"));
    assert_in_range(file_bytes(folder, "files.txt"), 1, 1000000);
    if (machine_open(folder, &machine, &t, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(t.source, "recording");
    assert_false(t.is_this_machine);
    assert_int_equal(t.cpus, 256);
    assert_int_equal(t.cores, 128);
    assert_int_equal(t.l3s, 16);
    assert_int_equal(t.packages, 2);
    assert_int_equal(t.nodes, LARGE_NODES);
    assert_int_equal(t.line_bytes, 64);
    assert_int_equal(topology_cpu(&t, 255)->node, 7);
    assert_true(topology_cpu(&t, 199)->allowed);
    assert_false(topology_cpu(&t, 200)->allowed); /* by the affinity of the recorder */
    assert_int_equal(t.distance[1], 32);
    topology_fini(&t);
    machine_close(machine);
    fakeroot_fini(&root);
}

static void a_recording_has_what_was_there_and_the_calls(void **state)
{
    (void)state;
    struct fakeroot root;
    struct recording_made made;
    struct recording *recording;
    struct topology topology = {0};
    struct doctor_facts facts;
    struct err err = {0};
    char folder[300], text[64], where[300];
    fakeroot_init(&root);
    add_small(&root);
    snprintf(folder, sizeof folder, "%s/recording", root.path);
    assert_int_equal(make(&root, folder, &made, &err), 0);
    if (recording_open(folder, &recording, &err) != 0)
        fail_msg("%s", err.text);
    snprintf(where, sizeof where, "%s", recording_root(recording));
    assert_true(sysfile_read(where, "/sys/kernel/mm/transparent_hugepage/enabled", text, 64));
    assert_string_equal(text, "always [never]");
    assert_int_equal(
        doctor_recall(where, &topology, recording_value(recording, "calls"), &facts, &err), 0);
    assert_int_equal(facts.pmu, -EACCES);
    assert_int_equal(facts.move_pages, -EPERM);
    assert_true(facts.memlock_bytes == UINT64_MAX);
    assert_int_equal(facts.window.idle_ns, 99);
    assert_string_equal(facts.system.prefetchers, "all on");
    assert_int_equal(doctor_recall(where, &topology, NULL, &facts, &err), -ENOEXEC);
    recording_close(recording);
    assert_int_equal(access(where, F_OK), -1); /* nothing stays behind */
    fakeroot_fini(&root);
}

/* From a stranger: hwloc would reserve a bit for each cpu up to the largest. */
static void an_index_that_no_machine_has_is_refused(void **state)
{
    (void)state;
    static const char *const files[][2] = {{CPU "online", "0-4000000000\n"},
        {CPU "cpu4000000000/online", "1\n"}, {NODE "node99999/meminfo", "\n"},
        {NODE "possible", "0-99999999\n"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct fakeroot root;
        struct recording_made made;
        struct recording *recording;
        struct err err = {0};
        char folder[300];
        fakeroot_init(&root);
        add_small(&root);
        fakeroot_file(&root, files[i][0], files[i][1]);
        snprintf(folder, sizeof folder, "%s/recording", root.path);
        assert_int_equal(make(&root, folder, &made, &err), 0);
        assert_int_equal(recording_open(folder, &recording, &err), -ENOEXEC);
        assert_non_null(strstr(err.text, "which no machine has"));
        assert_null(recording);
        fakeroot_fini(&root);
    }
}

/* Every other cpu is offline: a list of some 16 KiB. */
static void a_long_list_of_cpus_is_a_list(void **state)
{
    (void)state;
    enum { CPUS = 8192 };
    struct fakeroot root;
    struct recording_made made;
    struct recording *recording;
    struct err err = {0};
    char folder[300], *list;
    size_t size;
    fakeroot_init(&root);
    add_small(&root);
    FILE *const out = open_memstream(&list, &size);
    for (int cpu = 0; cpu < CPUS; cpu += 2)
        fprintf(out, "%s%d", cpu ? "," : "", cpu);
    fputc('\n', out);
    fclose(out);
    fakeroot_file(&root, CPU "online", list);
    snprintf(folder, sizeof folder, "%s/recording", root.path);
    assert_int_equal(make(&root, folder, &made, &err), 0);
    if (recording_open(folder, &recording, &err) != 0)
        fail_msg("%s", err.text);
    recording_close(recording);
    fakeroot_fini(&root);
    free(list);
}
