/* SPDX-License-Identifier: MIT
 * probes/counters: what may be asked for, what a window reads, and which counts are believed. The
 * readings of a multiplexed counter are made up, since no machine gives the same ones twice; what
 * the kernel counts is read for real. */
#include "tests/test.h"

#include "base/sample.h"
#include "probes/counters/counters.h"
#include "probes/counters/uarch.h"
#include "tests/fakeroot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void refuses_what_is_no_event_list(void **state)
{
    (void)state;
    static const struct {
        const char *backend, *events, *says;
    } bad[] = {
        {NULL, "", "--events: an empty name"},
        {NULL, "rfo,", "--events: an empty name"},
        {NULL, ",rfo", "--events: an empty name"},
        {NULL, "raw1", "--events: 'raw1' is a place for an event of yours"},
        {NULL, "r1,r2,r3,r4,r5", "--events: at most 4 events that are not roles; 'r5'"},
        {"prf", NULL, "--counters: unknown backend 'prf'; did you mean 'perf'"},
        {"rusage", NULL, "--counters: unknown backend 'rusage'"},
        {"", NULL, "--counters: unknown backend ''"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct counters_request request = {
            .backend = bad[i].backend, .events = bad[i].events};
        struct counters counters;
        struct err err = {0};
        assert_true(counters_init(&counters, &request, &err) < 0);
        if (strncmp(err.text, bad[i].says, strlen(bad[i].says)) != 0)
            fail_msg("'%s' does not begin with '%s'", err.text, bad[i].says);
    }
    char name[400];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct counters counters;
    struct err err = {0};
    assert_int_equal(
        counters_init(&counters, &(struct counters_request){.events = name}, &err), -EINVAL);
    assert_non_null(strstr(err.text, "too long"));
}

static struct counters asked(const char *backend, const char *events, bool software)
{
    const struct counters_request request = {
        .backend = backend, .events = events, .software = software};
    struct counters counters;
    struct err err = {0};
    if (counters_init(&counters, &request, &err))
        fail_msg("%s", err.text);
    return counters;
}

static void a_comma_within_an_event_is_its_own(void **state)
{
    (void)state;
    struct counters c = asked("none", "rfo,cpu/event=1,umask=2/,remote-fill,rfo,mem-loads", false);
    assert_int_equal(c.roles, 4);
    assert_int_equal(c.role[0].role, EVENT_RFO);
    assert_int_equal(c.role[1].role, EVENT_RAW1);
    assert_string_equal(c.role[1].line.formula, "cpu/event=1,umask=2/");
    assert_int_equal(c.role[2].role, EVENT_FILL_REMOTE);
    assert_int_equal(c.role[3].role, EVENT_LOADS);
    assert_int_equal(c.events, 0);
    for (size_t i = 0; i < c.roles; i++) {
        assert_false(c.role[i].counted);
        assert_true(*c.role[i].why.text);
    }
    char text[200];
    counters_describe(&c, text, sizeof text);
    assert_string_equal(text, "none");
    counters_reasons(&c, text, sizeof text);
    assert_string_equal(text, "--counters none");
    counters_fini(&c);
}

/* Whatever this machine has: each role counts or says why it does not. */
static void every_role_counts_or_says_why(void **state)
{
    (void)state;
    static const char *const backends[] = {"auto", "perf", "papi"};
    for (size_t b = 0; b < 3; b++) {
        struct counters c = asked(backends[b], counters_all_roles, false);
        assert_int_equal(c.roles, EVENT_RAW1);
        for (size_t i = 0; i < c.roles; i++)
            if (c.role[i].counted == (*c.role[i].why.text != '\0'))
                fail_msg("%s, %s: '%s'", backends[b], event_roles[c.role[i].role].name,
                    c.role[i].why.text);
        counters_fini(&c);
    }
}

static int64_t counts[EVENT_ROLES];
static double shares[EVENT_HARDWARE];

static void clear(void)
{
    for (int i = 0; i < EVENT_ROLES; i++)
        counts[i] = SAMPLE_NONE;
    for (int i = 0; i < EVENT_HARDWARE; i++)
        shares[i] = NAN;
}

static void software_is_always_counted(void **state)
{
    (void)state;
    enum { PAGES = 64, PAGE = 4096 };
    struct counters_thread *thread = counters_open_software(0);
    assert_non_null(thread);
    counters_begin(thread);
    char *const memory =
        mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    for (int i = 0; i < PAGES; i++)
        memory[i * PAGE] = 1;
    counters_end(thread);
    clear();
    counters_result(thread, counts, shares);
    assert_true(counts[EVENT_PAGE_FAULTS] >= 1); /* large pages: fewer; a sanitizer's own: more */
    assert_true(counts[EVENT_CONTEXT_SWITCHES] >= 0);
    assert_true(counts[EVENT_MIGRATIONS] == 0 || counts[EVENT_MIGRATIONS] == 1);
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE);
    munmap(memory, PAGES * PAGE);
    counters_close(thread);
}

/* The kernel's clock of a task, in ns, needs neither a PMU nor a permission. */
static void perf_counts_a_window(void **state)
{
    (void)state;
    struct counters c = asked("perf", "task-clock", false);
    if (!c.role[0].counted)
        SKIP_BECAUSE("%s", c.role[0].why.text);
    const struct backend_target here = {.pid = 0, .cpu = -1, .wide = true};
    struct err err = {0};
    struct counters_thread *thread = counters_open(&c, &here, &err);
    assert_non_null(thread);
    counters_begin(thread);
    for (volatile int i = 0; i < 10000000; i++)
        continue;
    counters_end(thread);
    clear();
    counters_result(thread, counts, shares);
    assert_true(counts[EVENT_RAW1] > 100000);
    assert_true(shares[EVENT_RAW1] > 0.99);
    assert_true(*counters_how(thread));
    counters_close(thread);
    counters_fini(&c);
}

/* Readings made up. */
static struct backend_value now[2];

static int made_up_open(const struct backend_event *event, size_t events,
    const struct backend_target *target, struct backend_set **set, struct err *err)
{
    (void)event, (void)events, (void)target, (void)err;
    *set = NULL;
    return 0;
}

static void made_up_read(struct backend_set *set, struct backend_value *value)
{
    (void)set;
    memcpy(value, now, sizeof now);
}

static void made_up_close(struct backend_set *set)
{
    (void)set;
}

static const struct backend made_up = {
    .name = "made up", .open = made_up_open, .read = made_up_read, .close = made_up_close};

/* rfo is event 0; fill-remote is event 0 less event 1. */
static struct counters made_up_counters(void)
{
    struct counters c = {.backend = &made_up, .roles = 2, .events = 2};
    c.role[0] = (struct counters_role){.role = EVENT_RFO,
        .line = {.term = {{"A", 1}}, .terms = 1, .formula = "A"},
        .counted = true};
    c.role[1] = (struct counters_role){.role = EVENT_FILL_REMOTE,
        .line = {.term = {{"A", 1}, {"B", -1}}, .terms = 2, .scope = EVENT_L3, .formula = "A - B"},
        .event = {0, 1},
        .counted = true};
    return c;
}

static struct backend_value kernel(uint64_t count, uint64_t enabled, uint64_t running)
{
    return (struct backend_value){true, true, count, enabled, running, 0, false};
}

static struct backend_value user(uint64_t count, uint32_t session)
{
    return (struct backend_value){true, false, count, 0, 0, session, false};
}

static void window(struct backend_value a0, struct backend_value b0, struct backend_value a1,
    struct backend_value b1)
{
    struct counters c = made_up_counters();
    struct counters_thread *thread = counters_open(&c, &(struct backend_target){0}, NULL);
    assert_non_null(thread);
    now[0] = a0, now[1] = b0;
    counters_begin(thread);
    now[0] = a1, now[1] = b1;
    counters_end(thread);
    clear();
    counters_result(thread, counts, shares);
    counters_close(thread);
}

static void counts_are_scaled_by_their_share(void **state)
{
    (void)state;
    window(kernel(1000, 100, 50), kernel(0, 100, 50), kernel(1400, 1100, 450),
        kernel(100, 1100, 1050));
    assert_true(shares[EVENT_RFO] == 0.4);
    assert_int_equal(counts[EVENT_RFO], 1000);
    assert_int_equal(counts[EVENT_FILL_REMOTE], 900); /* each term by its own share */
    assert_true(shares[EVENT_FILL_REMOTE] == 0.4);    /* the least of them */
    /* Past 2^53 the difference is still exact. */
    window(kernel(UINT64_MAX - 10, 0, 0), kernel(0, 0, 0), kernel(UINT64_MAX - 3, 10, 10),
        kernel(0, 10, 10));
    assert_int_equal(counts[EVENT_RFO], 7);
}

static void what_did_not_run_is_no_zero(void **state)
{
    (void)state;
    window(kernel(5, 100, 100), kernel(0, 100, 100), kernel(5, 200, 100), kernel(0, 200, 100));
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE);
    assert_true(shares[EVENT_RFO] == 0);
    window(kernel(5, 0, 0), kernel(0, 0, 0), kernel(8, 1000, 99), kernel(0, 1000, 1000));
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE); /* 9.9%: too little to scale */
    window(kernel(5, 7, 7), kernel(0, 7, 7), kernel(5, 7, 7), kernel(0, 7, 7));
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE); /* no time at all */
    assert_true(isnan(shares[EVENT_RFO]));
    window((struct backend_value){0}, kernel(0, 0, 0), kernel(1, 1, 1), kernel(0, 1, 1));
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE); /* not read */
}

static void a_counter_taken_away_in_between_is_no_count(void **state)
{
    (void)state;
    window(user(10, 3), user(0, 3), user(30, 3), user(5, 3));
    assert_int_equal(counts[EVENT_RFO], 20);
    assert_int_equal(counts[EVENT_FILL_REMOTE], 15);
    assert_true(shares[EVENT_RFO] == 1);
    window(user(10, 3), user(0, 3), user(30, 5), user(5, 3));
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE);
    assert_true(isnan(shares[EVENT_RFO]));
    window(user(10, 3), user(0, 3), kernel(30, 100, 100), user(5, 3));
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE);
}

static void a_difference_below_zero_is_no_count(void **state)
{
    (void)state;
    window(user(0, 0), user(0, 0), user(5, 0), user(6, 0));
    assert_int_equal(counts[EVENT_RFO], 5);
    assert_true(counts[EVENT_FILL_REMOTE] == SAMPLE_NONE);
}

static void a_zero_is_believed_once_the_event_has_counted(void **state)
{
    (void)state;
    struct counters c = made_up_counters();
    clear();
    counts[EVENT_RFO] = 0;
    counters_trust_zeros(&c, counts);
    assert_true(counts[EVENT_RFO] == SAMPLE_NONE);
    counts[EVENT_RFO] = 3;
    counters_trust_zeros(&c, counts);
    assert_int_equal(counts[EVENT_RFO], 3);
    counts[EVENT_RFO] = 0;
    counters_trust_zeros(&c, counts);
    assert_int_equal(counts[EVENT_RFO], 0);
    assert_true(counts[EVENT_FILL_REMOTE] == SAMPLE_NONE);
    char text[200];
    counters_describe(&c, text, sizeof text);
    assert_string_equal(text, "made up: rfo=A; fill-remote[l3]=A - B");
    counters_reasons(&c, text, sizeof text);
    assert_string_equal(
        text, "fill-remote: zeros are not trusted until this event has counted at least once");
    counters_describe(&c, text, 24); /* too short: cut, not overrun */
    assert_int_equal(strlen(text), 23);
}

static void a_processor_is_known_from_cpuinfo(void **state)
{
    (void)state;
    struct fakeroot root;
    fakeroot_init(&root);
    struct event_cpu cpu;
    fakeroot_file(&root, "/proc/cpuinfo",
        "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n"
        "model name\t: Intel(R) Xeon(R)\n");
    uarch_read(root.path, &cpu);
    assert_string_equal(cpu.vendor, "GenuineIntel");
    assert_int_equal(cpu.family, 6);
    assert_int_equal(cpu.model, 85);
    fakeroot_file(&root, "/proc/cpuinfo",
        "processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0c\n");
    uarch_read(root.path, &cpu);
    assert_string_equal(cpu.vendor, "0x41");
    assert_int_equal(cpu.model, 0xd0c);
    fakeroot_file(&root, "/proc/cpuinfo", "processor\t: 0\nisa\t: rv64\n");
    uarch_read(root.path, &cpu);
    assert_string_equal(cpu.vendor, "");
    assert_string_equal(event_file_for(&cpu)->name, "generic.txt");
    fakeroot_fini(&root);
}
