/* SPDX-License-Identifier: MIT
 * machine/topology: hwloc's view as the plain struct, for synthetic, recorded and the real machine.
 */
#include "tests/test.h"

#include "machine/topology.h"
#include "tests/fakeroot.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "data/topologies/"

struct opened {
    struct machine *machine;
    struct topology topology;
};

static struct opened open_good(const char *source)
{
    struct opened opened;
    struct err err = {0};
    if (machine_open(source, &opened.machine, &opened.topology, &err) != 0)
        fail_msg("%s: %s", source != NULL ? source : "this machine", err.text);
    return opened;
}

static void end(struct opened *opened)
{
    topology_fini(&opened->topology);
    machine_close(opened->machine);
}

static const struct shape {
    const char *source;
    size_t packages, nodes, l3s, cores, cpus;
    unsigned line;
} shapes[] = {
    {"pack:2 numa:1 l3:1 core:4 pu:2", 2, 2, 2, 8, 16, 64},
    {"pack:8 numa:2 l3:8 core:8 pu:2", 8, 16, 128, 1024, 2048, 64},
    {"pack:2 core:4 pu:2", 2, 1, 0, 8, 16, 0},
    {"numa:2 pu:2", 0, 2, 0, 0, 4, 0},
    {"pu:1", 0, 1, 0, 0, 1, 0},
    {"2 2", 0, 2, 0, 0, 4, 0},
    {FOLDER "two-packages-smt.xml", 2, 2, 2, 16, 32, 64},
    {FOLDER "four-nodes.xml", 2, 4, 8, 32, 32, 64},
    {FOLDER "no-cache-vm.xml", 1, 1, 0, 4, 4, 0},
    {FOLDER "memory-only-nodes.xml", 2, 4, 2, 8, 16, 64},
    {FOLDER "private-l3-vm.xml", 1, 1, 2, 2, 2, 64},
    {FOLDER "lab-x86-snc.xml", 2, 4, 2, 8, 8, 64},
    {FOLDER "lab-x86-cxl.xml", 2, 3, 2, 4, 4, 64},
    {FOLDER "hybrid-6p-8e.xml", 1, 1, 1, 14, 20, 64},
    {FOLDER "hybrid-arm-capacity.xml", 1, 1, 1, 6, 6, 64},
    {"pack:16 numa:2 l3:8 core:8 pu:2", 16, 32, 256, 2048, 4096, 64},
};

static void test_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct opened o = open_good(shapes[i].source);
        assert_int_equal(o.topology.packages, shapes[i].packages);
        assert_int_equal(o.topology.nodes, shapes[i].nodes);
        assert_int_equal(o.topology.l3s, shapes[i].l3s);
        assert_int_equal(o.topology.cores, shapes[i].cores);
        assert_int_equal(o.topology.cpus, shapes[i].cpus);
        assert_int_equal(o.topology.line_bytes, shapes[i].line);
        assert_false(o.topology.is_this_machine);
        assert_non_null(machine_hwloc(o.machine));
        end(&o);
    }
}

static void test_ascending_and_allowed(void **state)
{
    (void)state;
    struct opened o = open_good("pack:2 numa:1 core:2 pu:2(indexes=pack:core)");
    for (size_t i = 0; i < o.topology.cpus; i++) {
        assert_int_equal(o.topology.cpu[i].cpu, i);
        assert_true(o.topology.cpu[i].allowed); /* our own affinity says nothing about it */
    }
    for (size_t i = 0; i < o.topology.nodes; i++)
        assert_true(o.topology.node[i].allowed);
    assert_string_equal(o.topology.source, "synthetic");
    end(&o);
}

/* Cpus numbered across packages: 0 and 16 are siblings, 0 and 1 lie in different packages. */
static void test_smt_ranks(void **state)
{
    (void)state;
    struct opened o = open_good(FOLDER "two-packages-smt.xml");
    const struct topology_cpu *first = topology_cpu(&o.topology, 0);
    const struct topology_cpu *sibling = topology_cpu(&o.topology, 16);
    assert_int_equal(first->core, sibling->core);
    assert_int_equal(first->smt, 0);
    assert_int_equal(sibling->smt, 1);
    assert_int_equal(topology_cpu(&o.topology, 1)->package, 1);
    assert_int_equal(topology_cpu(&o.topology, 1)->node, 1);
    assert_string_equal(o.topology.source, "XML");
    end(&o);
}

static void test_cpu_distances(void **state)
{
    (void)state;
    struct opened o = open_good("pack:2 l3:2 core:2 pu:2");
    static const struct {
        unsigned cpu;
        enum distance distance;
    } from_first[] = {{0, DISTANCE_SAME}, {1, DISTANCE_SMT}, {2, DISTANCE_L3},
        {4, DISTANCE_PACKAGE}, {8, DISTANCE_REMOTE}, {15, DISTANCE_REMOTE}};
    for (size_t i = 0; i < sizeof from_first / sizeof *from_first; i++)
        assert_int_equal(topology_distance(topology_cpu(&o.topology, 0),
                             topology_cpu(&o.topology, from_first[i].cpu)),
            from_first[i].distance);
    end(&o);
}

static void test_node_distances(void **state)
{
    (void)state;
    struct opened o = open_good(FOLDER "four-nodes.xml");
    static const unsigned expected[] = {
        10, 12, 32, 32, 12, 10, 32, 32, 32, 32, 10, 12, 32, 32, 12, 10};
    assert_non_null(o.topology.distance);
    assert_memory_equal(o.topology.distance, expected, sizeof expected);
    end(&o);
    o = open_good("numa:2 pu:1");
    assert_null(o.topology.distance);
    end(&o);
}

/* A cpu belongs to the node with cpus, not to the CXL memory beside it. */
static void test_memory_only(void **state)
{
    (void)state;
    struct opened o = open_good(FOLDER "memory-only-nodes.xml");
    static const unsigned cpus[] = {8, 0, 8, 0};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(o.topology.node[i].cpus, cpus[i]);
    assert_int_equal(topology_cpu(&o.topology, 9)->node, 2);
    assert_int_equal(topology_node(&o.topology, 1)->memory_bytes, UINT64_C(128) << 30);
    end(&o);
}

/* A machine of which no size is stated has memory all the same. */
static void test_memory_not_stated(void **state)
{
    (void)state;
    struct opened o = open_good("pack:2 [numa(memory=0)] core:2 pu:1");
    for (size_t i = 0; i < 2; i++)
        assert_true(o.topology.node[i].memory_bytes == TOPOLOGY_UNKNOWN);
    end(&o);
}

static void assert_kinds(
    const struct topology *t, const unsigned *cpu, size_t cpus, const char *text)
{
    char found[64];
    topology_kinds(t, cpu, cpus, found, sizeof found);
    assert_string_equal(found, text);
}

static void test_kinds(void **state)
{
    (void)state;
    static const unsigned two_kinds[] = {13, 0}, one_kind[] = {11, 0}, slow[] = {12, 19};
    struct opened o = open_good(FOLDER "hybrid-6p-8e.xml");
    assert_int_equal(o.topology.kinds, 2);
    assert_kinds(&o.topology, two_kinds, 2, "P+E");
    assert_kinds(&o.topology, one_kind, 2, "P");
    assert_kinds(&o.topology, slow, 2, "E");
    assert_ptr_equal(topology_cpu(&o.topology, 12)->kind, topology_cpu(&o.topology, 19)->kind);
    end(&o);
    o = open_good(FOLDER "hybrid-arm-capacity.xml");
    assert_string_equal(topology_cpu(&o.topology, 1)->kind, "capacity 1024");
    assert_string_equal(topology_cpu(&o.topology, 2)->kind, "capacity 446");
    end(&o);
    o = open_good(FOLDER "two-packages-smt.xml");
    assert_int_equal(o.topology.kinds, 0);
    assert_null(topology_cpu(&o.topology, 0)->kind);
    assert_kinds(&o.topology, two_kinds, 2, "");
    end(&o);
}

static void test_unknown_is_minus_one(void **state)
{
    (void)state;
    struct opened o = open_good("numa:2 pu:2");
    for (size_t i = 0; i < o.topology.cpus; i++) {
        assert_int_equal(o.topology.cpu[i].core, -1);
        assert_int_equal(o.topology.cpu[i].l3, -1);
        assert_int_equal(o.topology.cpu[i].package, -1);
        assert_int_equal(o.topology.cpu[i].smt, 0);
    }
    end(&o);
}

static void test_this_machine(void **state)
{
    (void)state;
    if (getenv("HWLOC_XMLFILE") != NULL || getenv("HWLOC_SYNTHETIC") != NULL)
        SKIP_BECAUSE("HWLOC_ variables hide this machine");
    struct opened o = open_good(NULL);
    const int here = sched_getcpu();
    assert_true(o.topology.is_this_machine);
    assert_string_equal(o.topology.source, "this machine");
    assert_true(o.topology.nodes >= 1);
    assert_true(
        (long)o.topology.cpus >= 1 && (long)o.topology.cpus <= sysconf(_SC_NPROCESSORS_CONF));
    const struct topology_cpu *cpu = topology_cpu(&o.topology, (unsigned)here);
    assert_non_null(cpu);
    assert_true(cpu->allowed);
    end(&o);
}

static void test_affinity(void **state)
{
    (void)state;
    cpu_set_t before, one;
    if (sched_getaffinity(0, sizeof before, &before) != 0)
        SKIP_BECAUSE("the affinity of this process cannot be read");
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    struct opened o = open_good(NULL);
    sched_setaffinity(0, sizeof before, &before);
    size_t allowed = 0;
    for (size_t i = 0; i < o.topology.cpus; i++)
        allowed += o.topology.cpu[i].allowed;
    assert_int_equal(allowed, 1);
    end(&o);
}

/* Not a measurement: far above what it takes even under a sanitizer, far below a quadratic walk. */
static void test_large_is_fast(void **state)
{
    (void)state;
    const clock_t from = clock();
    struct opened o = open_good("pack:8 numa:2 l3:8 core:8 pu:2");
    assert_true((double)(clock() - from) / CLOCKS_PER_SEC < 3);
    end(&o);
}

static const char *const broken[] = {
    "",
    " ",
    "pack",
    "pack:",
    "pack:x",
    "pack:-1 pu:2",
    "pack:2",
    "core:0 pu:1",
    "pu:2 core:2 pack:",
    "pu:100000000",
    "1000 1000 1000",
    "pack:0x100000 pu:1",
    "pu:2(indexes=0,4000000000)",
    "pack:2 pu:1e300",
    "missing.xml",
    "/dev/null",
    "/",
    "Makefile",
    "pack:2\npu:x",
};

static void test_broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct machine *machine = NULL;
        struct topology topology;
        struct err err = {0};
        const int code = machine_open(broken[i], &machine, &topology, &err);
        if (code != -EINVAL && code != -ENOEXEC) /* a string, a file */
            fail_msg("'%s': %d", broken[i], code);
        assert_null(machine);
        assert_null(topology.cpu);
        assert_int_equal(err.code, code);
        assert_ptr_equal(strstr(err.text, "--topology: "), err.text);
        if (!recording_is_named(broken[i]))
            assert_non_null(strstr(err.text, "pack:2 numa:1 l3:1 core:4 pu:2"));
        else
            assert_non_null(strstr(err.text, "'numaprobe topo --record DIR' makes one"));
        assert_null(strchr(err.text, '\n'));
    }
}

/* hwloc 2.9 itself loses what it had read of a file that ends too soon. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void assert_prefix_refused(const struct fakeroot *root, const char *xml, size_t size)
{
    char path[512];
    struct machine *machine;
    struct topology topology;
    struct err err = {0};
    fakeroot_bytes(root, "/cut.xml", xml, size);
    snprintf(path, sizeof path, "%s/cut.xml", root->path);
    assert_int_equal(machine_open(path, &machine, &topology, &err), -ENOEXEC);
    assert_non_null(strstr(err.text, "cut.xml"));
}

static void test_cut_xml(void **state)
{
    (void)state;
    char xml[4096];
    struct fakeroot root;
    FILE *in = fopen(FOLDER "no-cache-vm.xml", "re");
    assert_non_null(in);
    const size_t size = fread(xml, 1, sizeof xml, in);
    fclose(in);
    fakeroot_init(&root);
    if (__lsan_disable != NULL)
        __lsan_disable();
    for (size_t cut = 0; cut + 20 < size; cut += 97)
        assert_prefix_refused(&root, xml, cut);
    if (__lsan_enable != NULL)
        __lsan_enable();
    fakeroot_fini(&root);
}

/* machine_open must not print: the one error is the caller's to tell. */
static void test_silent(void **state)
{
    (void)state;
    FILE *caught = tmpfile();
    assert_non_null(caught);
    const int kept = dup(STDERR_FILENO);
    dup2(fileno(caught), STDERR_FILENO);
    test_broken(NULL);
    dup2(kept, STDERR_FILENO);
    close(kept);
    fseek(caught, 0, SEEK_END);
    assert_int_equal(ftell(caught), 0);
    fclose(caught);
}

static void test_close_null(void **state)
{
    (void)state;
    machine_close(NULL);
}
