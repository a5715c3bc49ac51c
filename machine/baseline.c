/* SPDX-License-Identifier: MIT
 * A started program, or one on each of several cpus at the same time. */
#include "machine/baseline.h"

#include "base/cpuset.h"
#include "machine/baseline_threads.h"
#include "machine/clock.h"
#include "machine/program.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct copy {
    struct program program;
    struct baseline_run run;
    bool ended;
};

struct copies {
    struct copy at[1 + BASELINE_BESIDE];
    size_t count;
    bool killed;
};

static int start_on(char *const argv[], struct cpuset cpus, struct copies *c)
{
    const struct program_setting setting = {
        .argv = argv, .cpus = &cpus, .out = PROGRAM_DISCARD, .err = PROGRAM_DISCARD};
    const int code = program_start(&setting, &c->at[c->count].program);
    c->count += code == 0;
    return code;
}

/* One that cannot be started next to the first is not worth an error. */
static int start_copies(char *const argv[], const struct baseline_options *how, struct copies *c)
{
    unsigned cpu = (unsigned)how->cpu;
    const int code = start_on(argv, (struct cpuset){&cpu, how->cpu != BASELINE_ANY_CPU}, c);
    for (size_t i = 0; i < how->beside.count && i < BASELINE_BESIDE && !code; i++)
        start_on(argv, (struct cpuset){&how->beside.cpu[i], 1}, c);
    return code;
}

static void end_copy(struct copy *c)
{
    struct command_end end;
    program_end(&c->program, &end);
    const double user = command_user_seconds(&end), all = user + command_system_seconds(&end);
    c->ended = true;
    c->run.elapsed_ns = end.seconds * 1e9;
    c->run.cpu_ns = all * 1e9;
    c->run.user = all > 0 ? user / all : 1;
    c->run.status = end.status;
}

static struct copy *first_running(struct copies *c)
{
    size_t i = 0;
    while (i < c->count && c->at[i].ended)
        i++;
    return i < c->count ? &c->at[i] : NULL;
}

static void read_copies(struct copies *c, unsigned reading)
{
    for (size_t i = 0; i < c->count; i++) {
        struct copy *const one = &c->at[i];
        if (!one->ended && program_wait(&one->program, 0))
            end_copy(one);
        if (!one->ended)
            baseline_read_threads(one->program.pid, &one->run, reading);
    }
}

static void signal_copies(struct copies *c, int number)
{
    for (size_t i = 0; i < c->count; i++)
        if (!c->at[i].ended)
            program_signal(&c->at[i].program, number);
}

/* Reads the threads again whenever the program has run for an eighth longer. While they are read,
 * one of them has lost its cpu, and the others work as fast as if nothing were shared: where a fix
 * gains a factor of 25, reading them in 1% of the time makes the program faster by 20%. */
static void watch_copies(struct copies *c, const struct baseline_options *how)
{
    enum { FIRST_MS = 2, MOST_MS = 1000, SHARE = 8 };
    int wait = FIRST_MS;
    unsigned reading = 0;
    for (struct copy *one; (one = first_running(c)) != NULL;) {
        if (program_wait(&one->program, wait)) {
            end_copy(one);
            continue;
        }
        const double took_ns = (double)(clock_raw_ns() - one->program.began_ns);
        c->killed |= took_ns > how->most_ns;
        if (c->killed || (how->stop && *how->stop))
            signal_copies(c, c->killed ? SIGKILL : *how->stop);
        read_copies(c, reading++);
        const double ms = took_ns / 1e6 / SHARE;
        wait = ms < FIRST_MS ? FIRST_MS : ms > MOST_MS ? MOST_MS : (int)ms;
    }
}

/* Adds one of `count` to the mean in *out, which has the threads of the first. */
static void add_run(struct baseline_run *out, const struct baseline_run *one, size_t count)
{
    const double part = 1 / (double)count;
    out->elapsed_ns += part * one->elapsed_ns;
    out->cpu_ns += part * one->cpu_ns;
    out->user += part * one->user;
    out->waited += part * one->waited;
    out->status = out->status ? out->status : one->status;
    if (one->threads != out->threads)
        out->threads = 0;
    for (size_t i = 0; i < out->threads; i++)
        out->thread[i].cpu_ns += part * one->thread[i].cpu_ns;
}

static void average(struct copies *c, struct baseline_run *out)
{
    for (size_t i = 0; i < c->count; i++)
        baseline_finish_threads(&c->at[i].run);
    const struct baseline_run first = c->at[0].run;
    out->threads = first.threads;
    out->thread = calloc(first.threads + 1, sizeof *out->thread);
    if (!out->thread)
        out->threads = 0;
    for (size_t i = 0; i < out->threads; i++)
        out->thread[i].tid = first.thread[i].tid;
    for (size_t i = 0; i < c->count; i++)
        add_run(out, &c->at[i].run, c->count);
}

int baseline_run(char *const argv[], const struct baseline_options *how, struct baseline_run *out,
    struct err *err)
{
    struct copies c = {.count = 0};
    *out = (struct baseline_run){0};
    const int code = start_copies(argv, how, &c);
    if (code)
        return err_set(err, code, "--plain: cannot run '%s': %s", argv[0], strerror(-code));
    watch_copies(&c, how);
    if (!c.killed)
        average(&c, out);
    for (size_t i = 0; i < c.count; i++)
        baseline_fini(&c.at[i].run);
    return !c.killed ? 0
                     : err_set(err, -ETIMEDOUT,
                           "--plain: '%s' ran for %.3g s and had not ended; give it less to do, or "
                           "more --price-time",
                           argv[0], how->most_ns / 1e9);
}

void baseline_fini(struct baseline_run *run)
{
    free(run->thread);
    *run = (struct baseline_run){0};
}
