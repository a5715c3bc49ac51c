/* SPDX-License-Identifier: MIT
 * A started program, and /proc/PID/task. */
#include "machine/baseline.h"

#include "base/compare.h"
#include "base/grow.h"
#include "machine/clock.h"
#include "machine/program.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The time on a cpu in ns, the first number of the file: Linux,
 * Documentation/scheduler/sched-stats.rst. */
static double cpu_ns_of(pid_t pid, int tid)
{
    char path[64];
    unsigned long long ns = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, tid);
    FILE *const in = fopen(path, "re");
    const bool read = in && fscanf(in, "%llu", &ns) == 1;
    if (in)
        fclose(in);
    return read ? (double)ns : 0;
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

static void read_threads(pid_t pid, struct baseline_run *run)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *const dir = opendir(path);
    for (size_t i = 0; i < run->threads; i++)
        run->thread[i].before_ns = run->thread[i].cpu_ns;
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        const int tid = atoi(entry->d_name);
        struct baseline_thread *const t = tid > 0 ? thread_of(run, tid) : NULL;
        const double cpu_ns = t ? cpu_ns_of(pid, tid) : 0;
        if (t && cpu_ns > t->cpu_ns)
            t->cpu_ns = cpu_ns;
    }
    if (dir)
        closedir(dir);
}

/* Reads the threads again whenever the program has run for a hundredth longer, so that reading
 * costs little however long it runs. Returns whether it had to be killed. */
static bool watch_program(
    const struct program *program, const struct baseline_options *how, struct baseline_run *run)
{
    enum { FIRST_MS = 2, MOST_MS = 1000, SHARE = 100 };
    bool killed = false;
    for (int wait = FIRST_MS; !program_wait(program, wait);) {
        const double took_ns = (double)(clock_raw_ns() - program->began_ns);
        killed |= took_ns > how->most_ns;
        if (killed || (how->stop && *how->stop))
            program_signal(program, killed ? SIGKILL : *how->stop);
        read_threads(program->pid, run);
        const double ms = (double)(clock_raw_ns() - program->began_ns) / 1e6 / SHARE;
        wait = ms < FIRST_MS ? FIRST_MS : ms > MOST_MS ? MOST_MS : (int)ms;
    }
    return killed;
}

/* Distributes the time after the last reading in proportion to the time between the last two. When
 * that is a large part of all, it would be a guess: then the threads stay unknown. */
static void distribute_rest(struct baseline_run *run)
{
    const double most = 0.2;
    double seen = 0, running = 0;
    for (size_t i = 0; i < run->threads; i++) {
        seen += run->thread[i].cpu_ns;
        running += run->thread[i].cpu_ns - run->thread[i].before_ns;
    }
    const double rest = run->cpu_ns - seen;
    if (rest > most * run->cpu_ns || (rest > 0 && running <= 0))
        run->threads = 0;
    for (size_t i = 0; i < run->threads && rest > 0; i++)
        run->thread[i].cpu_ns +=
            rest * (run->thread[i].cpu_ns - run->thread[i].before_ns) / running;
}

static int by_tid(const void *a, const void *b)
{
    return compare_int(
        ((const struct baseline_thread *)a)->tid, ((const struct baseline_thread *)b)->tid);
}

static int start_on(char *const argv[], struct cpuset cpus, struct program *program)
{
    const struct program_setting setting = {
        .argv = argv, .cpus = &cpus, .out = PROGRAM_DISCARD, .err = PROGRAM_DISCARD};
    return program_start(&setting, program);
}

/* Those that were started; one that cannot be is not worth an error. */
static size_t start_beside(
    char *const argv[], const struct baseline_options *how, struct program *program)
{
    size_t count = 0;
    for (size_t i = 0; i < how->beside.count && i < BASELINE_BESIDE; i++)
        count += start_on(argv, (struct cpuset){&how->beside.cpu[i], 1}, &program[count]) == 0;
    return count;
}

/* Until they end by themselves, as they may leave something behind; but not for long. */
static void end_beside(struct program *program, size_t count, const struct baseline_run *run)
{
    enum { LEAST_MS = 1000 };
    const int most_ms = (int)fmin(2 * run->elapsed_ns / 1e6 + LEAST_MS, INT_MAX);
    struct command_end end;
    for (size_t i = 0; i < count; i++) {
        if (!program_wait(&program[i], most_ms))
            program_signal(&program[i], SIGKILL);
        program_end(&program[i], &end);
    }
}

static double user_share(const struct command_end *end)
{
    const struct timeval *const t = &end->usage.ru_utime;
    const double user = (double)t->tv_sec + (double)t->tv_usec / 1e6;
    const double all = command_cpu_seconds(end);
    return all > 0 ? user / all : 1;
}

static int run_one(char *const argv[], const struct baseline_options *how, struct baseline_run *out,
    struct err *err)
{
    unsigned cpu = (unsigned)how->cpu;
    struct program program;
    struct command_end end;
    const int code = start_on(argv, (struct cpuset){&cpu, how->cpu != BASELINE_ANY_CPU}, &program);
    if (code)
        return err_set(err, code, "--plain: cannot run '%s': %s", argv[0], strerror(-code));
    const bool killed = watch_program(&program, how, out);
    program_end(&program, &end);
    out->elapsed_ns = end.seconds * 1e9;
    out->cpu_ns = command_cpu_seconds(&end) * 1e9;
    out->user = user_share(&end);
    out->status = end.status;
    return !killed ? 0
                   : err_set(err, -ETIMEDOUT,
                         "--plain: '%s' ran for %.3g s and had not ended; give it less to do, or "
                         "more --price-time",
                         argv[0], how->most_ns / 1e9);
}

int baseline_run(char *const argv[], const struct baseline_options *how, struct baseline_run *out,
    struct err *err)
{
    struct program beside[BASELINE_BESIDE];
    *out = (struct baseline_run){0};
    const size_t count = start_beside(argv, how, beside);
    const int code = run_one(argv, how, out, err);
    end_beside(beside, count, out);
    if (code) {
        baseline_fini(out);
        return code;
    }
    distribute_rest(out);
    if (out->threads)
        qsort(out->thread, out->threads, sizeof *out->thread, by_tid);
    return 0;
}

void baseline_fini(struct baseline_run *run)
{
    free(run->thread);
    *run = (struct baseline_run){0};
}
