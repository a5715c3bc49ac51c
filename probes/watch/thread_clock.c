/* SPDX-License-Identifier: MIT
 * The ring of a task-clock event. Linux, include/uapi/linux/perf_event.h, describes its records. */
#include "probes/watch/thread_clock.h"

#include "probes/counters/perf_open.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { DATA_PAGES = 4 }; /* a power of two: locked memory is scarce */
static const double NS_A_SECOND = 1e9;

/* A sample with PERF_SAMPLE_IP, TID, TIME and REGS_USER, in that order, and behind them, where
 * asked for, STACK_USER: how many bytes were asked for, the bytes, and how many of those are of the
 * stack.
 */
struct record {
    struct perf_event_header header;
    uint64_t ip;
    uint32_t pid, tid;
    uint64_t time;
    uint64_t abi; /* of the registers; PERF_SAMPLE_REGS_ABI_NONE: none follow */
    uint64_t reg[ARCH_REGISTERS];
};
struct lost {
    struct perf_event_header header;
    uint64_t id, lost;
};

static struct perf_event_attr attr_of(unsigned per_second, bool stacks)
{
    return (struct perf_event_attr){.size = sizeof(struct perf_event_attr),
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_TASK_CLOCK,
        .sample_period = (uint64_t)(NS_A_SECOND / per_second),
        .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_REGS_USER |
                       (stacks ? PERF_SAMPLE_STACK_USER : 0),
        .sample_regs_user = ARCH_SAMPLED_REGISTERS,
        .sample_stack_user = stacks ? THREAD_STACK : 0,
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .use_clockid = 1,
        .clockid = CLOCK_MONOTONIC_RAW};
}

static int map_ring(struct thread_clock *clock, struct err *err)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    clock->ring_bytes = (1 + DATA_PAGES) * page;
    clock->ring = mmap(NULL, clock->ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, clock->fd, 0);
    if (clock->ring != MAP_FAILED)
        return 0;
    clock->ring = NULL;
    return err_set(err, -errno,
        "no memory for the samples of a thread: %s (perf_event_mlock_kb and 'ulimit -l' limit it)",
        strerror(errno));
}

int thread_clock_open(
    int tid, unsigned per_second, bool stacks, struct thread_clock *out, struct err *err)
{
    struct perf_event_attr attr = attr_of(per_second, stacks);
    *out = (struct thread_clock){.fd = -1, .stacks = stacks};
    if (ARCH_SAMPLED_REGISTERS == 0)
        return err_set(err, -ENOTSUP, "the registers of this architecture are not known");
    const int fd = perf_open_attr(&attr, tid, -1, -1);
    if (fd < 0)
        return perf_explain(fd, err);
    out->fd = fd;
    const int code = map_ring(out, err);
    if (code)
        thread_clock_close(out);
    return code;
}

/* Copies `size` bytes of the ring, which may go on at its beginning. */
static void copy_out(const struct thread_clock *clock, uint64_t from, void *out, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), room = clock->ring_bytes - page;
    const char *const data = (const char *)clock->ring + page;
    const size_t at = from % room, first = size < room - at ? size : room - at;
    memcpy(out, data + at, first);
    memcpy((char *)out + first, data, size - first);
}

static struct thread_sample sample_of(const struct record *r)
{
    struct thread_sample s = {.time_ns = r->time, .ip = r->ip, .tid = (int)r->tid};
    for (int i = 0; i < ARCH_REGISTERS && r->abi; i++)
        s.reg[arch_sampled_register[i]] = r->reg[i];
    return s;
}

/* Of the record at `from`, whose registers may be missing. */
static void read_stack(const struct thread_clock *clock, uint64_t from, const struct record *r,
    size_t size, struct thread_stack *out)
{
    const size_t at =
        offsetof(struct record, reg) + (r->abi ? sizeof r->reg : 0) + sizeof(uint64_t);
    uint64_t bytes = 0;
    out->bytes = 0;
    if (size < at + THREAD_STACK + sizeof bytes)
        return;
    copy_out(clock, from + at + THREAD_STACK, &bytes, sizeof bytes);
    out->bytes = bytes < THREAD_STACK ? (uint32_t)bytes : THREAD_STACK;
    copy_out(clock, from + at, out->at, out->bytes);
}

size_t thread_clock_read(struct thread_clock *clock, struct thread_sample *out,
    struct thread_stack *stack, size_t most, uint64_t *lost)
{
    struct perf_event_mmap_page *const page = clock->ring;
    /* Pairs with the kernel's store of data_head, before which it wrote the records. */
    const uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
    size_t count = 0;
    while (clock->read < head && count < most) {
        union {
            struct perf_event_header header;
            struct record sample;
            struct lost lost;
        } r = {.sample = {.abi = 0}};
        copy_out(clock, clock->read, &r.header, sizeof r.header);
        const size_t size = r.header.size;
        copy_out(clock, clock->read, &r, size < sizeof r ? size : sizeof r);
        if (r.header.type == PERF_RECORD_SAMPLE) {
            if (clock->stacks && stack)
                read_stack(clock, clock->read, &r.sample, size, &stack[count]);
            out[count++] = sample_of(&r.sample);
        } else if (r.header.type == PERF_RECORD_LOST) {
            *lost += r.lost.lost;
        }
        clock->read += size;
    }
    /* Pairs with the kernel's load of data_tail, after which it writes there again. */
    __atomic_store_n(&page->data_tail, clock->read, __ATOMIC_RELEASE);
    return count;
}

int thread_clock_rate(struct thread_clock *clock, unsigned per_second)
{
    uint64_t period = (uint64_t)(NS_A_SECOND / per_second);
    return ioctl(clock->fd, PERF_EVENT_IOC_PERIOD, &period) ? -errno : 0;
}

uint64_t thread_clock_ran_ns(const struct thread_clock *clock)
{
    uint64_t ns = 0;
    return read(clock->fd, &ns, sizeof ns) == (ssize_t)sizeof ns ? ns : 0;
}

void thread_clock_close(struct thread_clock *clock)
{
    if (clock->ring)
        munmap(clock->ring, clock->ring_bytes);
    if (clock->fd >= 0)
        close(clock->fd);
    *clock = (struct thread_clock){.fd = -1};
}
