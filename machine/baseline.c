/* SPDX-License-Identifier: MIT
 * posix_spawn, /proc/PID/task and wait4. */
#include "machine/baseline.h"

#include "base/compare.h"
#include "base/cpuset.h"
#include "base/grow.h"
#include "machine/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int spawn_program(char *const argv[], pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int failed = posix_spawnp(pid, argv[0], &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    return -failed;
}

/* A child inherits the affinity of the thread that starts it, so that thread is bound for a moment.
 * One cpu_set_t ends at 1,024 cpus, and the kernel refuses a set shorter than its own. */
static int start_on_cpu(char *const argv[], int cpu, pid_t *pid)
{
    cpu_set_t before[CPUSET_MAX / CPU_SETSIZE], only[CPUSET_MAX / CPU_SETSIZE];
    if (cpu == BASELINE_ANY_CPU)
        return spawn_program(argv, pid);
    if (sched_getaffinity(0, sizeof before, before) != 0)
        return -errno;
    CPU_ZERO_S(sizeof only, only);
    CPU_SET_S((size_t)cpu, sizeof only, only);
    if (sched_setaffinity(0, sizeof only, only) != 0)
        return -errno;
    const int code = spawn_program(argv, pid);
    sched_setaffinity(0, sizeof before, before);
    return code;
}

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
    pid_t pid, const struct baseline_options *how, struct baseline_run *run, uint64_t began_ns)
{
    enum { FIRST_MS = 2, MOST_MS = 1000, SHARE = 100 };
    const int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd ended = {.fd = fd, .events = POLLIN};
    bool killed = false;
    while (fd >= 0) { /* Linux before 5.3: its threads stay unknown, and its time unlimited */
        const double took_ns = (double)(clock_raw_ns() - began_ns), ms = took_ns / 1e6 / SHARE;
        const int wait = ms < FIRST_MS ? FIRST_MS : ms > MOST_MS ? MOST_MS : (int)ms;
        const int got = poll(&ended, 1, wait);
        if (got > 0 || (got < 0 && errno != EINTR))
            break;
        killed |= took_ns > how->most_ns;
        if (killed || (how->stop && *how->stop))
            kill(pid, killed ? SIGKILL : *how->stop);
        read_threads(pid, run);
    }
    if (fd >= 0)
        close(fd);
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

static double ns_of(const struct timeval *t)
{
    return (double)t->tv_sec * 1e9 + (double)t->tv_usec * 1e3;
}

int baseline_run(char *const argv[], const struct baseline_options *how, struct baseline_run *out,
    struct err *err)
{
    pid_t pid = 0;
    struct rusage usage = {0};
    int status = 0;
    *out = (struct baseline_run){0};
    const uint64_t began_ns = clock_raw_ns();
    const int code = start_on_cpu(argv, how->cpu, &pid);
    if (code)
        return err_set(err, code, "--plain: cannot run '%s': %s", argv[0], strerror(-code));
    const bool killed = watch_program(pid, how, out, began_ns);
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
        continue;
    if (killed) {
        baseline_fini(out);
        return err_set(err, -ETIMEDOUT,
            "--plain: '%s' ran for %.3g s and had not ended; give it less to do, or more "
            "--price-time",
            argv[0], how->most_ns / 1e9);
    }
    out->elapsed_ns = (double)(clock_raw_ns() - began_ns);
    out->cpu_ns = ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
    out->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
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
