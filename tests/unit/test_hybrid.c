/* SPDX-License-Identifier: MIT
 * probes/counters on hybrid machines that are made up: which PMU serves a cpu, where an event is
 * aimed, and what a sum over the PMUs of two kinds of cores counts on one of them. */
#include "tests/test.h"

#include "probes/counters/counters.h"
#include "probes/counters/perf_name.h"
#include "probes/counters/uarch.h"
#include "tests/fakeroot.h"

#include <math.h>
#include <sched.h>

#define PMUS "/sys/bus/event_source/devices/"

static void add_pmu(
    const struct fakeroot *root, const char *name, const char *type, const char *cpus)
{
    char path[160];
    snprintf(path, sizeof path, PMUS "%s/type", name);
    fakeroot_file(root, path, type);
    snprintf(path, sizeof path, PMUS "%s/cpus", name);
    if (cpus)
        fakeroot_file(root, path, cpus);
}

static struct fakeroot intel_root(void)
{
    struct fakeroot root;
    fakeroot_init(&root);
    add_pmu(&root, "cpu_core", "4\n", "0-11\n");
    add_pmu(&root, "cpu_atom", "10\n", "12-19\n");
    add_pmu(&root, "uncore_imc_0", "20\n", NULL);
    return root;
}

static void an_event_counts_on_the_cpus_of_its_pmu(void **state)
{
    (void)state;
    static const struct {
        const char *event;
        int cpu;
        bool serves;
    } cases[] = {
        {"cpu_core/event=0x3c/", 0, true},
        {"cpu_core/event=0x3c/", 12, false},
        {"cpu_atom/event=0x3c/", 19, true},
        {"cpu_atom/event=0x3c/", 11, false},
        {"cpu_lowpower/event=0x3c/", 0, false}, /* not on this machine */
        {"uncore_imc_0/event=0x1/", 12, true},
        {"cycles", 12, true},
    };
    struct fakeroot root = intel_root();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (uarch_serves(root.path, cases[i].event, cases[i].cpu) != cases[i].serves)
            fail_msg("%s on cpu %d", cases[i].event, cases[i].cpu);
    fakeroot_fini(&root);
}

static void where_all_cores_are_alike_every_event_is_tried(void **state)
{
    (void)state;
    struct fakeroot root;
    unsigned cpu[UARCH_KINDS];
    uint32_t type;
    fakeroot_init(&root);
    add_pmu(&root, "cpu", "4\n", NULL);
    assert_true(uarch_serves(root.path, "cpu_core/event=0x3c/", 0));
    assert_false(uarch_core_pmu(root.path, 0, &type));
    assert_int_equal(uarch_kinds(root.path, cpu), 0);
    fakeroot_fini(&root);
    fakeroot_init(&root);
    add_pmu(&root, "armv8_pmuv3_0", "8\n", "0-63\n");
    assert_true(uarch_serves(root.path, "armv8_pmuv3_0/event=0x11/", 64));
    assert_false(uarch_core_pmu(root.path, 0, &type));
    fakeroot_fini(&root);
}

static struct perf_event_attr aimed(const char *root, const char *name, int cpu)
{
    struct perf_event_attr attr;
    struct err err;
    assert_int_equal(perf_name_encode(name, &attr, &err), 0);
    perf_name_aim(root, cpu, &attr);
    return attr;
}

/* The kernel's extended type: the PMU in the high half of the config (linux/perf_event.h). */
static void generic_and_raw_events_are_aimed_at_the_pmu_of_the_cpu(void **state)
{
    (void)state;
    struct fakeroot root;
    fakeroot_init(&root);
    add_pmu(&root, "armv8_pmuv3_0", "8\n", "0-3\n");
    add_pmu(&root, "armv8_pmuv3_1", "9\n", "4-7\n");
    for (int cpu = 0; cpu < 8; cpu++) {
        const uint64_t pmu = cpu < 4 ? 8 : 9;
        const struct perf_event_attr cycles = aimed(root.path, "cycles", cpu);
        assert_int_equal(cycles.type, PERF_TYPE_HARDWARE);
        assert_true(cycles.config == (pmu << 32 | PERF_COUNT_HW_CPU_CYCLES));
        const struct perf_event_attr raw = aimed(root.path, "r53", cpu);
        assert_int_equal(raw.type, pmu);
        assert_int_equal(raw.config, 0x53);
    }
    assert_int_equal(aimed(root.path, "page-faults", 5).config, PERF_COUNT_SW_PAGE_FAULTS);
    assert_int_equal(aimed(root.path, "cycles", 8).config, PERF_COUNT_HW_CPU_CYCLES);
    fakeroot_fini(&root);
}

static void each_kind_is_visited_once(void **state)
{
    (void)state;
    struct fakeroot root;
    unsigned cpu[UARCH_KINDS];
    char mine[16];
    fakeroot_init(&root);
    snprintf(mine, sizeof mine, "%d\n", sched_getcpu());
    add_pmu(&root, "cpu_core", "4\n", mine);
    add_pmu(&root, "cpu_atom", "10\n", "8190-8191\n"); /* not allowed here */
    assert_int_equal(uarch_kinds(root.path, cpu), 1);
    assert_int_equal(cpu[0], strtoul(mine, NULL, 10));
    fakeroot_fini(&root);
}

/* An event file is for cores of one part. */
static void mixed_parts_have_no_event_file(void **state)
{
    (void)state;
    struct fakeroot root;
    struct event_cpu cpu;
    fakeroot_init(&root);
    fakeroot_file(&root, "/proc/cpuinfo",
        "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\n"
        "processor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n");
    uarch_read(root.path, &cpu);
    assert_string_equal(event_file_for(&cpu)->name, "generic.txt");
    fakeroot_fini(&root);
}

/* A backend whose events are named by what they count; those with a '-' belong to the other kind.
 */
struct backend_set {
    const struct backend_event *event;
    size_t events;
    uint64_t reads;
};

static int fake_open(const struct backend_event *event, size_t events,
    const struct backend_target *target, struct backend_set **set, struct err *err)
{
    (void)target, (void)err;
    *set = malloc(sizeof **set);
    assert_non_null(*set);
    **set = (struct backend_set){event, events, 0};
    return 0;
}

static void fake_read(struct backend_set *set, struct backend_value *value)
{
    for (size_t i = 0; i < set->events; i++) {
        const bool elsewhere = *set->event[i].name == '-';
        value[i] = (struct backend_value){.read = !elsewhere,
            .elsewhere = elsewhere,
            .by_kernel = true,
            .count = set->reads * strtoull(set->event[i].name + elsewhere, NULL, 10),
            .enabled_ns = set->reads,
            .running_ns = elsewhere ? 0 : set->reads};
    }
    set->reads++;
}

static void fake_close(struct backend_set *set)
{
    free(set);
}

static const struct backend fake = {
    .name = "fake", .open = fake_open, .read = fake_read, .close = fake_close};

static void a_sum_over_kinds_counts_those_of_this_one(void **state)
{
    (void)state;
    struct counters c = {.backend = &fake,
        .role = {{.role = EVENT_RFO,
                     .line = {.term = {{.sign = 1}, {.sign = 1}, {.sign = 1}}, .terms = 3},
                     .event = {0, 1, 2},
                     .counted = true},
            {.role = EVENT_LOADS,
                .line = {.term = {{.sign = 1}}, .terms = 1},
                .event = {1},
                .counted = true}},
        .roles = 2,
        .event = {{.name = "100"}, {.name = "-7000"}, {.name = "20"}},
        .events = 3};
    int64_t count[EVENT_ROLES] = {0};
    double share[EVENT_HARDWARE] = {0};
    struct err err;
    struct counters_thread *const thread = counters_open(&c, &(struct backend_target){0}, &err);
    assert_non_null(thread);
    counters_begin(thread);
    counters_end(thread);
    counters_result(thread, count, share);
    counters_close(thread);
    assert_int_equal(count[EVENT_RFO], 120);
    assert_true(share[EVENT_RFO] == 1);
    assert_int_equal(count[EVENT_LOADS], 0); /* as it was: none of its events is of this kind */
    assert_true(isnan(share[EVENT_LOADS]));
}
