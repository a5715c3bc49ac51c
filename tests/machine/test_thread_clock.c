/* SPDX-License-Identifier: MIT
 * probes/watch: samples of a thread that runs known code. */
#include "tests/test.h"

#include "base/arch/arch.h"
#include "probes/watch/thread_clock.h"
#include "tests/probes.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 4096, PER_SECOND = 1000 };

struct spinner {
    pthread_t thread;
    _Atomic int tid;
    _Atomic bool stop;
    const void *_Atomic stack;
};

static void *spin(void *context)
{
    struct spinner *const s = context;
    int here = 0;
    s->stack = &here;
    s->tid = (int)syscall(SYS_gettid);
    while (!s->stop)
        ;
    return NULL;
}

static void begin(struct spinner *s)
{
    *s = (struct spinner){0};
    assert_int_equal(pthread_create(&s->thread, NULL, spin, s), 0);
    while (!s->tid)
        arch_pause();
}

static void end(struct spinner *s)
{
    s->stop = true;
    pthread_join(s->thread, NULL);
}

static void open_or_skip(struct spinner *s, struct thread_clock *clock)
{
    struct err err;
    const int code = thread_clock_open(s->tid, PER_SECOND, false, clock, &err);
    if (code == 0)
        return;
    end(s);
    if (code != -EACCES && code != -EPERM && code != -ENOSYS && code != -ENOTSUP)
        fail_msg("%s", err.text);
    print_message("# %s\n", err.text);
    SKIP_BECAUSE("a thread cannot be sampled here");
}

/* Until there are enough, or it has had time for ten times as many. */
static size_t gather(struct thread_clock *clock, struct thread_sample *sample, size_t enough)
{
    uint64_t lost = 0;
    size_t count = 0;
    for (int i = 0; i < 1000 && count < enough; i++) {
        const struct timespec wait = {.tv_nsec = 10000000};
        nanosleep(&wait, NULL);
        count += thread_clock_read(clock, sample + count, NULL, MOST - count, &lost);
    }
    assert_int_equal(lost, 0);
    return count;
}

static void a_thread_is_sampled_where_it_runs(void **state)
{
    static struct thread_sample sample[MOST];
    struct spinner s;
    struct thread_clock clock;
    (void)state;
    begin(&s);
    open_or_skip(&s, &clock);
    const size_t count = gather(&clock, sample, 100);
    const uint64_t code = (uint64_t)(uintptr_t)spin, stack = (uint64_t)(uintptr_t)s.stack;
    size_t inside = 0, stacked = 0;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(sample[i].tid, s.tid);
        assert_true(i == 0 || sample[i].time_ns > sample[i - 1].time_ns);
        inside += sample[i].ip >= code && sample[i].ip < code + 256;
        for (int r = 0; r < ARCH_REGISTERS; r++)
            if (sample[i].reg[r] > stack - 1024 && sample[i].reg[r] < stack + 1024) {
                stacked++;
                break;
            }
    }
    end(&s);
    thread_clock_close(&clock);
    print_message(
        "# %zu samples, %zu in the loop, %zu with the stack's address\n", count, inside, stacked);
    assert_true(count >= 100);
    assert_true(SANITIZED || inside * 10 >= count * 9); /* else it is in the sanitizer, too */
    assert_true(stacked * 10 >= count * 9);
}

static void a_full_ring_loses_and_counts(void **state)
{
    static struct thread_sample sample[MOST];
    struct spinner s;
    struct thread_clock clock;
    uint64_t lost = 0;
    size_t count = 0;
    (void)state;
    begin(&s);
    open_or_skip(&s, &clock);
    assert_int_equal(thread_clock_rate(&clock, 10000), 0);
    for (int i = 0; i < 100 && !lost; i++) {
        const struct timespec wait = {.tv_nsec = 200000000};
        nanosleep(&wait, NULL);
        count = thread_clock_read(&clock, sample, NULL, MOST, &lost);
        count += thread_clock_read(&clock, sample, NULL, MOST, &lost);
    }
    end(&s);
    thread_clock_close(&clock);
    print_message("# %zu in the ring, %llu lost\n", count, (unsigned long long)lost);
    assert_true(lost > 0);
    assert_true(count > 0);
}

static void one_that_is_gone_is_refused(void **state)
{
    struct thread_clock clock;
    struct err err;
    (void)state;
    assert_true(thread_clock_open(1 << 22, PER_SECOND, false, &clock, &err) < 0);
    assert_true(*err.text);
    assert_int_equal(clock.fd, -1);
    thread_clock_close(&clock);
}
