/* SPDX-License-Identifier: MIT
 * probes/counters/backend_*.c: every backend keeps to backend.h, counts known work where there is a
 * PMU, and says why where there is none. */
#include "tests/test.h"

#include "base/arch/arch.h"
#include "probes/counters/backend.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORK = 200000 };
static const struct backend_target here = {.pid = 0, .cpu = -1};

static const struct backend *find(const char *name)
{
    for (size_t i = 0; i < backend_count; i++)
        if (strcmp(backend_table[i]->name, name) == 0)
            return backend_table[i];
    fail_msg("no backend '%s'", name);
    return NULL;
}

static void assert_reason(const char *of, const struct err *err)
{
    if (err->code >= 0 || !*err->text || strpbrk(err->text, "\n\r"))
        fail_msg("%s: code %d, '%s'", of, err->code, err->text);
}

static void every_backend_is_whole(void **state)
{
    (void)state;
    assert_true(backend_count >= 3);
    for (size_t i = 0; i < backend_count; i++) {
        const struct backend *const b = backend_table[i];
        assert_true(*b->name && *b->summary);
        assert_true(b->ready && b->fit && b->open && b->read && b->close && b->how);
        b->close(NULL);
    }
    assert_ptr_equal(find("rusage"), &backend_rusage);
}

static void ready_or_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < backend_count; i++) {
        struct err err = {0};
        const int code = backend_table[i]->ready(&err);
        assert_true(code <= 0);
        print_message("# %s: %s\n", backend_table[i]->name, code ? err.text : "ready");
        if (code)
            assert_reason(backend_table[i]->name, &err);
        assert_int_equal(backend_table[i]->ready(NULL), code);
    }
}

/* Also that refusing it did not harm the events beside it. */
static void an_unknown_event_has_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < backend_count; i++) {
        const struct backend *const b = backend_table[i];
        struct backend_event event[] = {
            {.name = "cycles"}, {.name = "no-such-event-xyz"}, {.name = "instructions"}};
        b->fit(event, 3);
        assert_false(event[1].fits);
        assert_reason(b->name, &event[1].why);
        for (size_t k = 0; k < 3; k += 2)
            if (!event[k].fits)
                assert_reason(b->name, &event[k].why);
        if (b->ready(NULL) == 0) {
            assert_true(event[0].fits || event[2].fits);
            assert_non_null(strstr(event[1].why.text, event[1].name));
        }
        b->fit(NULL, 0);
    }
}

static void names_that_are_none(void **state)
{
    (void)state;
    char longest[301] = "";
    memset(longest, 'x', sizeof longest - 1);
    char pmu[301] = "", field[301] = "msr/", *const names[] = {longest, pmu, field};
    memset(pmu, 'x', sizeof pmu - 1);
    pmu[200] = '/', pmu[299] = '/';
    memset(field + 4, 'x', sizeof field - 6);
    field[299] = '/';
    static const char *const bad[] = {"", "/", "//", "msr", "msr/", "msr/nofield=1/",
        "msr/event=0xfffffffffffffffff/", "msr/event=-1/", "msr/event=/", "cpu/event=/",
        "nopmu/x=1/", "../x/", "rzz", "r", ":", "::", ":::", "PAPI_", "PAPI_NO_SUCH",
        "perf::", "perf_event:::no", "%s%n"};
    for (size_t i = 0; i < backend_count; i++)
        for (size_t k = 0; k < sizeof bad / sizeof *bad + 3; k++) {
            const size_t given = sizeof bad / sizeof *bad;
            struct backend_event event = {.name = k < given ? bad[k] : names[k - given]};
            backend_table[i]->fit(&event, 1);
            if (event.fits)
                fail_msg("%s takes '%s'", backend_table[i]->name, event.name);
            assert_reason(event.name, &event.why);
        }
}

static uint64_t read_one(const struct backend *b, struct backend_set *set)
{
    struct backend_value value = {0};
    b->read(set, &value);
    assert_true(value.read);
    return value.count;
}

static uint64_t count_work(const struct backend *b, const struct backend_event *event)
{
    struct backend_set *set;
    struct err err = {0};
    if (b->open(event, 1, &here, &set, &err))
        fail_msg("%s: %s", b->name, err.text);
    const uint64_t before = read_one(b, set);
    arch_known_work(&(uint64_t){0}, WORK);
    const uint64_t counted = read_one(b, set) - before;
    print_message("# %s by %s: %ju %s\n", b->name, b->how(set), (uintmax_t)counted, event->name);
    b->close(set);
    return counted;
}

/* The backends that can count instructions here, one after the other. An emulator may open them and
 * count cycles alone: probes/counters/event_proof.c is there for that. */
static const struct backend *next_counting(size_t *at, struct backend_event *event)
{
    while (*at < backend_count) {
        const struct backend *const b = backend_table[(*at)++];
        struct backend_event cycles = {.name = "cycles"};
        *event = (struct backend_event){.name = "instructions"};
        b->fit(event, 1);
        b->fit(&cycles, 1);
        if (!event->fits)
            print_message("# %s: %s\n", b->name, event->why.text);
        else if (!cycles.fits || count_work(b, event) > 0 || count_work(b, &cycles) == 0)
            return b;
    }
    return NULL;
}

static void assert_work(uint64_t counted, uint64_t times)
{
    const bool known = ARCH_KNOWN_INSTRUCTIONS > 0;
    const double work = (double)times * (known ? ARCH_KNOWN_INSTRUCTIONS : 1);
    if ((double)counted < work * 0.985 || (known && (double)counted > work * 1.015))
        fail_msg("%ju instructions of %.0f", (uintmax_t)counted, work);
}

/* The least of some: an emulator with two cpus counts what the other runs meanwhile, too. */
static void known_work_is_counted(void **state)
{
    (void)state;
    size_t at = 0, counted = 0;
    struct backend_event event;
    for (const struct backend *b; (b = next_counting(&at, &event)); counted++) {
        uint64_t least = UINT64_MAX;
        for (int i = 0; i < 5; i++) {
            const uint64_t count = count_work(b, &event);
            least = count < least ? count : least;
        }
        assert_work(least, WORK);
    }
    if (counted == 0)
        SKIP_BECAUSE("nothing counts instructions here");
}

struct worker {
    const struct backend *backend;
    const struct backend_event *event;
    uint64_t times, counted;
    pthread_barrier_t *opened;
    int code;
};

static void *work(void *data)
{
    struct worker *const w = data;
    struct backend_set *set;
    w->code = w->backend->open(w->event, 1, &here, &set, NULL);
    if (w->opened)
        pthread_barrier_wait(w->opened);
    if (w->code == 0) {
        struct backend_value before = {0}, after = {0};
        w->backend->read(set, &before);
        arch_known_work(&(uint64_t){0}, w->times);
        w->backend->read(set, &after);
        w->counted = before.read && after.read ? after.count - before.count : 0;
        w->backend->close(set);
    }
    return NULL;
}

static void threads_are_counted_apart(void **state)
{
    (void)state;
    size_t at = 0, counted = 0;
    struct backend_event event;
    pthread_barrier_t opened;
    for (const struct backend *b; (b = next_counting(&at, &event)); counted++) {
        pthread_barrier_init(&opened, NULL, 2);
        struct worker w[] = {
            {.backend = b, .event = &event, .times = WORK, .opened = &opened},
            {.backend = b, .event = &event, .times = 3 * WORK, .opened = &opened},
        };
        pthread_t thread[2];
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&thread[i], NULL, work, &w[i]), 0);
        for (size_t i = 0; i < 2; i++)
            pthread_join(thread[i], NULL);
        pthread_barrier_destroy(&opened);
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(w[i].code, 0);
            assert_work(w[i].counted, w[i].times);
        }
    }
    if (counted == 0)
        SKIP_BECAUSE("nothing counts instructions here");
}

static size_t descriptors(void)
{
    size_t n = 0;
    DIR *const dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

/* Neither of this thread's sets nor of those of threads that have ended. */
static void nothing_stays_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < backend_count; i++) {
        const struct backend *const b = backend_table[i];
        struct backend_event event[] = {
            {.name = "instructions"}, {.name = "page-faults"}, {.name = "no-such-event-xyz"}};
        b->fit(event, 3);
        const size_t before = descriptors();
        for (size_t k = 0; k < 200; k++) {
            struct worker w = {
                .backend = b, .event = event[0].fits ? &event[0] : &event[1], .times = 1};
            struct backend_set *set;
            pthread_t thread;
            if (b->open(event, 3, &here, &set, NULL) == 0)
                b->close(set);
            if (k % 10)
                continue;
            assert_int_equal(pthread_create(&thread, NULL, work, &w), 0);
            pthread_join(thread, NULL);
        }
        b->fit(event, 3);
        assert_int_equal(descriptors(), before);
    }
}

static void what_cannot_be_opened_reads_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < backend_count; i++) {
        const struct backend *const b = backend_table[i];
        const struct backend_event event = {.name = "no-such-event-xyz", .fits = true};
        struct backend_set *set = NULL;
        struct backend_value value = {.read = true, .count = 1};
        struct err err = {0};
        if (b->open(&event, 1, &here, &set, &err)) {
            assert_reason(b->name, &err);
            continue;
        }
        b->read(set, &value);
        assert_false(value.read);
        b->close(set);
    }
}

static uint64_t accounted(struct backend_set *set, size_t index)
{
    struct backend_value value[2];
    backend_rusage.read(set, value);
    assert_true(value[index].read);
    return value[index].count;
}

static void rusage_counts_faults_and_switches(void **state)
{
    (void)state;
    enum { PAGES = 64 };
    struct backend_event event[] = {{.name = "page-faults"}, {.name = "context-switches"}};
    struct backend_set *set;
    backend_rusage.fit(event, 2);
    assert_true(event[0].fits && event[1].fits);
    assert_int_equal(backend_rusage.open(event, 2, &here, &set, NULL), 0);
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = PAGES * page;
    char *const fresh =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(fresh, MAP_FAILED);
    madvise(fresh, bytes, MADV_NOHUGEPAGE);
    const uint64_t faults = accounted(set, 0), switches = accounted(set, 1);
    for (size_t i = 0; i < PAGES; i++)
        ((volatile char *)fresh)[i * page] = 1;
    usleep(2000);
    assert_true(accounted(set, 0) - faults >= PAGES);
    assert_true(accounted(set, 1) - switches >= 1);
    backend_rusage.close(set);
    munmap(fresh, bytes);
}

static void perf_reads_names_of_sysfs(void **state)
{
    (void)state;
    const struct backend *const perf = find("perf");
    struct backend_event event = {.name = "msr/tsc/"};
    if (access("/sys/bus/event_source/devices/msr/events/tsc", R_OK))
        SKIP_BECAUSE("this machine has no msr PMU");
    perf->fit(&event, 1);
    if (!event.fits)
        SKIP_BECAUSE("%s", event.why.text);
    struct backend_set *set;
    assert_int_equal(perf->open(&event, 1, &here, &set, NULL), 0);
    const uint64_t before = read_one(perf, set);
    arch_known_work(&(uint64_t){0}, WORK);
    assert_true(read_one(perf, set) > before + WORK / 10);
    perf->close(set);
}

/* One group cannot hold them: the kernel makes groups take turns, and each count is scaled by its
 * share. They all count the same, so all must come to the same. */
static void more_events_than_counters_take_turns(void **state)
{
    (void)state;
    enum { EVENTS = 12, TIMES = 1000 }; /* 0.4 s at 2 ns an instruction: a hundred turns */
    const struct backend *const perf = find("perf");
    struct backend_event event[EVENTS] = {{0}};
    struct backend_value before[EVENTS], after[EVENTS];
    unsigned groups = 0;
    for (size_t i = 0; i < EVENTS; i++)
        event[i] = (struct backend_event){.name = "instructions"};
    perf->fit(event, EVENTS);
    for (size_t i = 0; i < EVENTS; i++) {
        if (!event[i].fits)
            SKIP_BECAUSE("%s", event[i].why.text);
        groups = event[i].group >= groups ? event[i].group + 1 : groups;
    }
    if (groups < 2 || count_work(perf, event) == 0)
        SKIP_BECAUSE("this PMU counts %d instructions in %u group(s)", EVENTS, groups);
    struct backend_set *set;
    assert_int_equal(perf->open(event, EVENTS, &here, &set, NULL), 0);
    perf->read(set, before);
    for (int i = 0; i < TIMES; i++)
        arch_known_work(&(uint64_t){0}, 50000);
    perf->read(set, after);
    perf->close(set);
    for (size_t i = 0; i < EVENTS; i++) {
        assert_true(before[i].by_kernel && after[i].by_kernel);
        const double share = (double)(after[i].running_ns - before[i].running_ns) /
                             (double)(after[i].enabled_ns - before[i].enabled_ns);
        const double scaled = (double)(after[i].count - before[i].count) / share;
        const double ratio = scaled / (4.0 * TIMES * 50000);
        print_message(
            "# group %u: share %.3f, scaled %.4f of the work\n", event[i].group, share, ratio);
        assert_true(share > 0.1 && share < 0.95);
        assert_true(ratio > 0.985 && ratio < 1.05);
    }
}
