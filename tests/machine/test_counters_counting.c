/* SPDX-License-Identifier: MIT
 * probes/counters/backend_*.c: backends count known work, of each thread separately, where there is
 * a PMU; they leave nothing open, and take turns where events are too many. */
#include "base/arch/arch.h"
#include "tests/backends.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORK = 200000 };

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
