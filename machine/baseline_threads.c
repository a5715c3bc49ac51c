/* SPDX-License-Identifier: MIT
 * /proc/PID/task. */
#include "machine/baseline_threads.h"

#include "base/compare.h"
#include "base/grow.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The first two numbers of the file, the time on a cpu and the time of waiting for one in ns:
 * Linux, Documentation/scheduler/sched-stats.rst. */
static void read_thread(pid_t pid, struct baseline_thread *t)
{
    char path[64], text[64] = "", *wait;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, t->tid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (size <= 0)
        return;
    t->cpu_ns = fmax(t->cpu_ns, (double)strtoull(text, &wait, 10));
    t->wait_ns = fmax(t->wait_ns, (double)strtoull(wait, NULL, 10));
}

static struct baseline_thread *thread_of(struct baseline_run *run, int tid)
{
    for (size_t i = 0; i < run->threads; i++)
        if (run->thread[i].tid == tid)
            return &run->thread[i];
    if (GROW(run->thread, run->threads))
        return NULL;
    run->thread[run->threads] = (struct baseline_thread){.tid = tid};
    return &run->thread[run->threads++];
}

/* The window is of 8 to 16 readings: in less, a thread of several on one cpu has not had its turn.
 */
static void begin_reading(struct baseline_run *run, unsigned reading)
{
    enum { WINDOW = 8 };
    for (size_t i = 0; i < run->threads && reading % WINDOW == 0; i++) {
        struct baseline_thread *const t = &run->thread[i];
        t->window_ns = t->before_ns;
        t->before_ns = t->cpu_ns;
    }
}

void baseline_read_threads(pid_t pid, struct baseline_run *run, unsigned reading)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *const dir = opendir(path);
    if (dir)
        begin_reading(run, reading);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        const int tid = atoi(entry->d_name);
        struct baseline_thread *const t = tid > 0 ? thread_of(run, tid) : NULL;
        if (t)
            read_thread(pid, t);
    }
    if (dir)
        closedir(dir);
}

/* When the time after the last reading is a large part of all, to distribute it would be a guess:
 * then the threads stay unknown. */
static void distribute_rest(struct baseline_run *run)
{
    const double most = 0.2;
    double seen = 0, running = 0;
    for (size_t i = 0; i < run->threads; i++) {
        const struct baseline_thread *const t = &run->thread[i];
        seen += t->cpu_ns;
        running += t->cpu_ns - t->window_ns;
    }
    const double rest = run->cpu_ns - seen;
    if (rest > most * run->cpu_ns || (rest > 0 && running <= 0))
        run->threads = 0;
    for (size_t i = 0; i < run->threads && rest > 0; i++) {
        struct baseline_thread *const t = &run->thread[i];
        t->cpu_ns += rest * (t->cpu_ns - t->window_ns) / running;
    }
}

static int by_tid(const void *a, const void *b)
{
    return compare_int(
        ((const struct baseline_thread *)a)->tid, ((const struct baseline_thread *)b)->tid);
}

static double waited_share(const struct baseline_run *run)
{
    double wait = 0, cpu = 0;
    for (size_t i = 0; i < run->threads; i++) {
        wait += run->thread[i].wait_ns;
        cpu += run->thread[i].cpu_ns;
    }
    return cpu > 0 ? wait / cpu : 0;
}

void baseline_finish_threads(struct baseline_run *run)
{
    run->waited = waited_share(run);
    distribute_rest(run);
    if (run->threads)
        qsort(run->thread, run->threads, sizeof *run->thread, by_tid);
}
