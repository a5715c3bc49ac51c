/* SPDX-License-Identifier: MIT
 * The threads in /proc/PID/task. */
#include "probes/watch/watched.h"

#include "base/compare.h"
#include "base/grow.h"
#include "probes/watch/proc_task.h"
#include "probes/watch/thread_pointer.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    IDLE_MOST = 100,   /* scans: some ten seconds */
    SPARE_FILES = 64,  /* of those that may be open: proofs and reports need some */
    HARDLY_PART = 2000 /* a thread that runs for less than that part of the time loses no more */
};

int watched_add(struct watched *w, int pid, bool with_children, struct err *err)
{
    if (pid == getpid())
        return err_set(err, -EINVAL, "%d is numaprobe itself", pid);
    int code = proc_check(pid, err);
    if (code)
        return code;
    if (GROW(w->process, w->processes))
        return err_set(err, -ENOMEM, "out of memory");
    struct watched_process process = {.with_children = with_children};
    code = address_space_read(pid, &process.space, err);
    if (code)
        return code;
    proc_name(pid, process.name, sizeof process.name);
    w->process[w->processes++] = process;
    return 0;
}

struct watched_thread *watched_thread(struct watched *w, int tid)
{
    size_t low = 0, high = w->threads;
    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (w->thread[mid].tid < tid)
            low = mid + 1;
        else
            high = mid;
    }
    return low < w->threads && w->thread[low].tid == tid ? &w->thread[low] : NULL;
}

static int by_tid(const void *a, const void *b)
{
    return compare_int(
        ((const struct watched_thread *)a)->tid, ((const struct watched_thread *)b)->tid);
}

/* -EMFILE: it is one of those that are kept. */
static int open_within(struct watched *w, struct watched_thread *t, struct err *err)
{
    struct rlimit files = {0, 0};
    getrlimit(RLIMIT_NOFILE, &files);
    const int code = thread_clock_open(t->tid, w->per_second, w->stacks, &t->clock, err);
    if (code || (rlim_t)t->clock.fd + SPARE_FILES < files.rlim_cur)
        return code;
    thread_clock_close(&t->clock);
    return err_set(err, -EMFILE, "a file is open for each, and there may be %lu ('ulimit -n')",
        (unsigned long)files.rlim_cur);
}

static void open_clock(struct watched *w, struct watched_thread *t)
{
    struct err err;
    const int code = open_within(w, t, &err);
    if (code == 0 || code == -ESRCH)
        return;
    t->refused = true;
    w->refused++;
    w->why = err;
}

/* Threads' stacks have a guard below, the first one its name. */
static void find_stack(struct watched *w, struct watched_thread *t)
{
    enum { GUARD_MOST = 64 << 10 };
    struct address_space *const space = &w->process[t->process].space;
    const struct address_mapping *const m = address_space_at(space, t->stack_pointer),
                                        *const guard = m && m > space->mapping ? m - 1 : NULL;
    const bool guarded = guard && guard->end == m->begin && !guard->reads && !guard->writes &&
                         guard->end - guard->begin <= GUARD_MOST;
    if (!m || !m->writes || !(guarded || strcmp(m->path, "[stack]") == 0))
        return;
    t->stack_low = m->begin;
    t->stack_high = m->end;
    t->thread_pointer = thread_pointer_find(space, t->tid, t->stack_pointer);
}

/* A thread that sleeps has no use for a clock, and memory for clocks is limited. `passed_ns`: since
 * the last scan. */
static void follow(struct watched *w, struct watched_thread *t, uint64_t passed_ns)
{
    const uint64_t all_ns = proc_ran_ns(w->process[t->process].space.pid, t->tid),
                   ran_ns = all_ns > t->ran_ns ? all_ns - t->ran_ns : 0;
    t->here = true;
    t->idle = ran_ns * HARDLY_PART >= passed_ns && ran_ns ? 0 : t->idle + 1;
    t->ran_ns = all_ns;
    w->ran_ns += ran_ns;
    w->blind_ns += t->clock.fd < 0 ? ran_ns : 0;
    if (t->stack_pointer && !t->stack_high)
        find_stack(w, t);
    if (t->clock.fd < 0 && t->idle == 0 && !t->refused && w->per_second)
        open_clock(w, t);
    else if (t->clock.fd >= 0 && t->idle > IDLE_MOST)
        thread_clock_close(&t->clock);
}

/* A thread that is new has run by now, or will be found running at the next scan. */
static int add_thread(struct watched *w, unsigned process, int tid)
{
    struct watched_thread t = {.tid = tid, .process = process, .here = true, .clock = {.fd = -1}};
    if (GROW(w->thread, w->threads))
        return -ENOMEM;
    t.ran_ns = proc_ran_ns(w->process[process].space.pid, tid);
    proc_name(tid, t.name, sizeof t.name);
    w->thread[w->threads++] = t;
    return 0;
}

static bool is_known(const struct watched *w, int pid)
{
    for (size_t i = 0; i < w->processes; i++)
        if (w->process[i].space.pid == pid)
            return true;
    return false;
}

/* The file is there with CONFIG_PROC_CHILDREN, as all distributions have it. */
static void add_children(struct watched *w, int pid, int tid)
{
    enum { TEXT = 1 << 16 };
    char path[64], *end;
    char *const text = malloc(TEXT);
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, tid);
    if (text && proc_read(path, text, TEXT) > 0)
        for (const char *at = text;; at = end) {
            struct err err;
            const int child = (int)strtol(at, &end, 10);
            if (end == at)
                break;
            if (!is_known(w, child))
                watched_add(w, child, true, &err);
        }
    free(text);
}

static bool scan_process(struct watched *w, unsigned process, uint64_t passed_ns)
{
    char path[32];
    const size_t known = w->threads;
    snprintf(path, sizeof path, "/proc/%d/task", w->process[process].space.pid);
    DIR *const dir = opendir(path);
    size_t found = 0;
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        const int tid = atoi(entry->d_name);
        if (tid <= 0)
            continue;
        const size_t all = w->threads;
        w->threads = known; /* those are in order */
        struct watched_thread *const t = watched_thread(w, tid);
        w->threads = all;
        found++;
        if (w->process[process].with_children)
            add_children(w, w->process[process].space.pid, tid);
        if (t)
            follow(w, t, passed_ns);
        else
            add_thread(w, process, tid);
    }
    if (dir)
        closedir(dir);
    if (w->threads > known)
        qsort(w->thread, w->threads, sizeof *w->thread, by_tid);
    return found > 1 || (found == 1 && proc_has_memory(w->process[process].space.pid));
}

static void forget_gone(struct watched *w)
{
    enum { ENDED_MOST = 1000 };
    size_t left = 0, ended = 0;
    for (size_t i = 0; i < w->threads; i++) {
        struct watched_thread t = w->thread[i];
        if (!t.here)
            thread_clock_close(&t.clock);
        t.ended = !t.here;
        ended += t.ended;
        if (t.here || (t.samples && ended <= ENDED_MOST))
            w->thread[left++] = t;
    }
    w->threads = left;
}

size_t watched_scan(struct watched *w)
{
    struct timespec now;
    size_t left = 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const uint64_t now_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec,
                   passed_ns = now_ns - w->scanned_ns;
    w->scanned_ns = now_ns;
    for (size_t i = 0; i < w->threads; i++)
        w->thread[i].here = false;
    for (unsigned i = 0; i < w->processes; i++) {
        /* It may add processes, and so move them all. */
        const bool gone = w->process[i].gone || !scan_process(w, i, passed_ns);
        w->process[i].gone = gone;
        left += !gone;
    }
    forget_gone(w);
    return left;
}

size_t watched_read(
    struct watched *w, struct thread_sample *out, struct thread_stack *stack, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < w->threads && count < most; i++) {
        struct watched_thread *const t = &w->thread[i];
        if (t->clock.fd < 0)
            continue;
        const size_t got = thread_clock_read(
            &t->clock, &out[count], stack ? &stack[count] : NULL, most - count, &w->lost);
        t->samples += got;
        for (size_t k = count; k < count + got; k++)
            out[k].reg[ARCH_THREAD_POINTER] = t->thread_pointer;
        if (got)
            t->stack_pointer = out[count + got - 1].reg[ARCH_STACK_POINTER];
        count += got;
    }
    return count;
}

void watched_rate(struct watched *w, unsigned per_second)
{
    if (w->per_second == per_second)
        return;
    w->per_second = per_second;
    for (size_t i = 0; i < w->threads; i++)
        if (w->thread[i].clock.fd >= 0)
            thread_clock_rate(&w->thread[i].clock, per_second);
}

void watched_jitter(struct watched *w, struct rng *rng)
{
    const double mean = 1.0986; /* of 1 / (0.5 + x), x from 0 to 1: the logarithm of 3 */
    for (size_t i = 0; i < w->threads; i++)
        if (w->thread[i].clock.fd >= 0)
            thread_clock_rate(
                &w->thread[i].clock, (unsigned)(w->per_second / mean / (0.5 + rng_real(rng))));
}

/* User addresses have at most 47 bits on the machines that code can be decoded of (57 where mmap is
 * asked for them); a key has what tells memories apart above them. */
enum { ADDRESS_BITS = 48 };

static uint64_t file_number(uint64_t device, uint64_t inode)
{
    const uint64_t mixed = (device * 0x9e3779b97f4a7c15u ^ inode) * 0x9e3779b97f4a7c15u;
    return mixed >> (ADDRESS_BITS + 1) | 1ull << (63 - ADDRESS_BITS);
}

uint64_t watched_key(struct watched *w, unsigned process, uint64_t address)
{
    const struct address_mapping *const m = address_space_at(&w->process[process].space, address);
    if (!m || !(m->writes || m->shared))
        return 0;
    if (m->shared)
        return file_number(m->device, m->inode) << ADDRESS_BITS |
               (m->offset + (address - m->begin));
    return (uint64_t)(process + 1) << ADDRESS_BITS | address;
}

void watched_refresh(struct watched *w, unsigned process)
{
    struct address_space space;
    struct err err;
    struct watched_process *const p = &w->process[process];
    if (address_space_read(p->space.pid, &space, &err))
        return;
    if (space.count == 0) { /* it has ended: what it had is still of use */
        address_space_fini(&space);
        return;
    }
    address_space_fini(&p->space);
    p->space = space;
}

void watched_fini(struct watched *w)
{
    for (size_t i = 0; i < w->threads; i++)
        thread_clock_close(&w->thread[i].clock);
    for (size_t i = 0; i < w->processes; i++)
        address_space_fini(&w->process[i].space);
    free(w->thread);
    free(w->process);
    *w = (struct watched){0};
}
