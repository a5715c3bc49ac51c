/* SPDX-License-Identifier: MIT
 * machine/recording: what is gathered and what is not, the text, broken ones, and a large machine
 * made, read back and opened. */
#include "tests/test.h"

#include "base/cpuset.h"
#include "machine/recording.h"
#include "machine/recording_text.h"
#include "machine/system/doctor_calls.h"
#include "machine/system/sysfile.h"
#include "machine/topology.h"
#include "tests/fakeroot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPU "/sys/devices/system/cpu/"
#define NODE "/sys/devices/system/node/"

static char *written(const struct pieces *pieces)
{
    char *text;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    recording_text_write(pieces, out);
    fclose(out);
    return text;
}

static int read_text(const char *text, size_t size, struct pieces *out, struct err *err)
{
    FILE *const in = fmemopen((void *)text, size, "r");
    assert_non_null(in);
    const int code = recording_text_read(in, "x", out, err);
    fclose(in);
    return code;
}

static void add(struct pieces *pieces, const char *path, const char *text, size_t length)
{
    char *const copy = malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    assert_int_equal(pieces_add(pieces, path, copy, length, 0), 0);
}

static struct pieces odd_pieces(void)
{
    struct pieces p = {0};
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    add(&p, "/a/all", bytes, sizeof bytes);
    add(&p, "/a/#b", "", 0);
    add(&p, "/a/\xff\\\t", "\n", 1);
    add(&p, "/a b/c", "\n\n\tx\\\n\n", 7);
    add(&p, "/a b/d", "no end", 6);
    pieces_sort(&p);
    return p;
}

static void any_bytes_are_read_back(void **state)
{
    (void)state;
    struct pieces p = odd_pieces(), back;
    struct err err = {0};
    char *const text = written(&p);
    if (read_text(text, strlen(text), &back, &err) != 0)
        fail_msg("%s in\n%s", err.text, text);
    assert_int_equal(back.count, p.count);
    for (size_t i = 0; i < p.count; i++) {
        assert_string_equal(back.piece[i].path, p.piece[i].path);
        assert_int_equal(back.piece[i].length, p.piece[i].length);
        assert_memory_equal(back.piece[i].text, p.piece[i].text, p.piece[i].length);
    }
    pieces_fini(&back);
    pieces_fini(&p);
    free(text);
}

static void a_text_that_is_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct pieces p = odd_pieces(), back;
    char *const text = written(&p);
    for (size_t size = 1; size < strlen(text); size++) {
        struct err err = {0};
        assert_int_equal(read_text(text, size, &back, &err), -ENOEXEC);
        assert_non_null(strstr(err.text, "'x'"));
        pieces_fini(&back);
    }
    pieces_fini(&p);
    free(text);
}

static void a_broken_text_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"<xml>\n", "not a recording"},
        {"#numaprobe recording 2\n#end 0\n", "schema 2"},
        {"#numaprobe recording 1x\n#end 0\n", "schema 1"},
        {"#numaprobe recording 1\nname\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a\nname\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n\t1\n#end 0\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\t1\\c\n\t2\n#end 1\n", "line 4"},
        {"#numaprobe recording 1\n/a\nb\t\\9\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\t\\777\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\t1\n#end 2\n", "line 4"},
        {"#numaprobe recording 1\n/a\nb\t1\n#end 1\n/c\n", "line 5"},
        {"#numaprobe recording 1\n/../a\nb\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a/..\nb\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a/\\056\\056/b\nb\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a\n..\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n../b\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n\\057b\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\\000c\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n\t1\n#end 0\n", "line 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pieces back;
        struct err err = {0};
        const int code = read_text(cases[i][0], strlen(cases[i][0]), &back, &err);
        if (code != -ENOEXEC || !strstr(err.text, cases[i][1]))
            fail_msg("%d, '%s' of\n%s", code, err.text, cases[i][0]);
        pieces_fini(&back);
    }
}

static const char *found_text(const struct pieces *pieces, const char *path)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (strcmp(pieces->piece[i].path, path) == 0)
            return pieces->piece[i].text;
    return NULL;
}

static void what_is_private_stays_behind(void **state)
{
    (void)state;
    struct fakeroot root;
    struct pieces p;
    fakeroot_init(&root);
    fakeroot_file(&root, "/proc/cmdline", "secret=1\n");
    fakeroot_file(&root, "/proc/cpuinfo",
        "processor: 0\nflags: fpu\nSerial: secret\n\nprocessor: 1\nflags: fpu\nSerial: secret\n");
    fakeroot_file(&root, "/proc/mounts",
        "secret:/home /home nfs rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
    fakeroot_file(&root, "/proc/self/cgroup", "3:memory:/secret\n0::/a/b\n");
    fakeroot_file(&root, "/proc/self/status", "Name:\tsecret\nCpus_allowed_list:\t0-1\n");
    fakeroot_file(&root, "/proc/stat", "cpu 1 2\ncpu0 1 2\nintr secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/product_serial", "secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/product_uuid", "secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/chassis_asset_tag", "secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/product_name", "KVM\n");
    fakeroot_file(&root, "/sys/fs/cgroup/cpu.max", "max 100000\n");
    fakeroot_file(&root, "/sys/fs/cgroup/a/b/cpu.max", "1 2\n");
    fakeroot_file(&root, "/sys/fs/cgroup/a/cpuset.cpus.effective", "0-1\n");
    fakeroot_file(&root, "/sys/fs/cgroup/a/cgroup.procs", "secret\n");
    assert_int_equal(pieces_gather(root.path, &p), 0);
    char *const text = written(&p);
    assert_null(strstr(text, "secret"));
    assert_string_equal(
        found_text(&p, "/proc/cpuinfo"), "processor: 0\nflags: fpu\n\nprocessor: 1\n");
    assert_string_equal(found_text(&p, "/proc/self/cgroup"), "0::/a/b\n");
    assert_string_equal(found_text(&p, "/proc/stat"), "cpu0 1 2\n");
    assert_string_equal(found_text(&p, "/sys/class/dmi/id/product_name"), "KVM\n");
    assert_string_equal(found_text(&p, "/sys/fs/cgroup/cpu.max"), "max 100000\n");
    assert_string_equal(found_text(&p, "/sys/fs/cgroup/a/b/cpu.max"), "1 2\n");
    assert_string_equal(found_text(&p, "/sys/fs/cgroup/a/cpuset.cpus.effective"), "0-1\n");
    free(text);
    pieces_fini(&p);
    fakeroot_fini(&root);
}

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

static void cpu_file(const struct fakeroot *root, unsigned cpu, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, CPU "cpu%u/%s", cpu, name);
    fakeroot_file(root, path, text);
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

static json_t *made_calls(void)
{
    return json_pack("{s:i, s:i, s:i, s:n, s:s, s:{s:i, s:i, s:i}, s:i}", "perf_event_open",
        -EACCES, "mbind", 0, "move_pages", -EPERM, "memlock_bytes", "prefetchers", "all on",
        "window", "busy_ns", 1, "idle_ns", 99, "steal_ns", 0, "line_bytes", 64);
}

static int make(
    const struct fakeroot *root, const char *folder, struct recording_made *made, struct err *err)
{
    json_t *const calls = made_calls(), *const events = json_array();
    const struct recording_parts parts = {
        .root = root->path, .version = "test", .calls = calls, .events = events};
    const int code = recording_make(folder, &parts, made, err);
    json_decref(calls);
    json_decref(events);
    return code;
}

static size_t file_bytes(const char *folder, const char *name)
{
    char path[512];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(stat(path, &status), 0);
    return (size_t)status.st_size;
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

/* A small machine for the rest. */
static void add_small(const struct fakeroot *root)
{
    fakeroot_file(root, "/proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n");
    fakeroot_file(root, CPU "online", "0\n");
    fakeroot_file(root, CPU "possible", "0\n");
    cpu_file(root, 0, "topology/core_cpus", "1\n");
    cpu_file(root, 0, "topology/package_cpus", "1\n");
    cpu_file(root, 0, "topology/core_id", "0\n");
    cpu_file(root, 0, "topology/physical_package_id", "0\n");
    fakeroot_file(root, "/sys/kernel/mm/transparent_hugepage/enabled", "always [never]\n");
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

static void a_folder_that_has_something_is_not_written_to(void **state)
{
    (void)state;
    struct fakeroot root;
    struct recording_made made;
    struct err err = {0};
    char folder[300];
    fakeroot_init(&root);
    add_small(&root);
    snprintf(folder, sizeof folder, "%s/full", root.path);
    fakeroot_file(&root, "/full/x", "mine\n");
    assert_int_equal(make(&root, folder, &made, &err), -EEXIST);
    assert_non_null(strstr(err.text, "not an empty or a new folder"));
    snprintf(folder, sizeof folder, "%s/full/x", root.path);
    assert_int_equal(make(&root, folder, &made, &err), -EEXIST);
    snprintf(folder, sizeof folder, "%s/empty/", root.path);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(make(&root, folder, &made, &err), 0);
    assert_true(file_bytes(folder, "files.txt") > 0);
    snprintf(folder, sizeof folder, "%s/missing/new", root.path);
    assert_int_equal(make(&root, folder, &made, &err), -ENOENT);
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
