/* SPDX-License-Identifier: MIT
 * numaprobe watch: which lines the threads of a running program take from each other. */
#include "cli/cmd.h"

#include "cli/output_files.h"
#include "cli/signals.h"
#include "cli/watch/watch_live.h"
#include "machine/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Samples a second of a thread's time. */
enum { RATE = 1000, LEAST_RATE = 20 };

static void set_rate(struct watch_session *s)
{
    if (!s->mode->samples)
        return;
    const double rate = RATE * watch_pace(s);
    watched_rate(&s->watched, rate > LEAST_RATE ? (unsigned)rate : LEAST_RATE);
}

static void session_close(struct watch_session *s)
{
    outfile_discard(&s->json);
    if (s->mode)
        s->mode->close(s);
    watched_fini(&s->watched);
    free(s->args.pids.at);
    free(s->args.trees.at);
}

/* Each thread's clock is a file: as many as may be asked for without rights. */
static void raise_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files))
        return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

static int session_open(struct watch_session *s, struct err *err)
{
    int code = 0;
    raise_files();
    s->watched.stacks = s->mode->stacks;
    for (size_t i = 0; i < s->args.trees.count && !code; i++)
        code = watched_add(&s->watched, s->args.trees.at[i], true, err);
    for (size_t i = 0; i < s->args.pids.count && !code; i++)
        code = watched_add(&s->watched, s->args.pids.at[i], false, err);
    if (!code)
        code = s->mode->open(s, err);
    if (!code && s->mode->samples)
        code = watch_budget_open(&s->budget, s->args.max_overhead, s->mode->stacks, err);
    return code;
}

static void rest(uint64_t ns)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)ns}, NULL);
}

/* /proc is read ten times a second, of many threads less often: not more than a part of the time.
 */
struct scans {
    double next_s;
    size_t processes; /* that are still there */
};

static void scan(struct watch_session *s, struct scans *scans)
{
    const double least_s = 0.1, times = 30, began = watch_seconds(s);
    if (began < scans->next_s)
        return;
    scans->processes = watched_scan(&s->watched);
    const double took = watch_seconds(s) - began;
    scans->next_s = began + (took * times > least_s ? took * times : least_s);
}

static bool is_over(const struct watch_session *s, const struct scans *scans)
{
    const double end_s = s->args.duration_ns / 1e9;
    return *s->stop || scans->processes == 0 || (end_s > 0 && watch_seconds(s) >= end_s);
}

/* Once a second. */
static void take_stock(struct watch_session *s)
{
    if (!s->mode->samples)
        return;
    watch_budget_step(&s->budget, s->samples, s->watched.per_second);
    set_rate(s);
}

static int watch(struct watch_session *s, struct watch_live *live, struct err *err)
{
    struct scans scans = {0, 1};
    double next_stock_s = 1;
    bool left = false;
    int code = 0;
    set_rate(s);
    watched_scan(&s->watched);
    while (!code && !left && !is_over(s, &scans)) {
        rest(s->mode->tick_ns);
        scan(s, &scans);
        code = s->mode->tick(s, err);
        left = watch_live_show(live, s);
        if (watch_seconds(s) >= next_stock_s) {
            take_stock(s);
            next_stock_s++;
        }
    }
    return code;
}

static int report(struct watch_session *s, size_t *found, struct err *err)
{
    FILE *const text = s->args.quiet ? NULL : s->json.is_stdout ? stderr : stdout;
    const int code = s->mode->report(s, text, s->json.stream, found, err);
    return !code && s->json.stream ? outfile_commit(&s->json, err) : code;
}

static int status_of(int code)
{
    return code == -EINVAL || code == -ESRCH ? EXIT_USAGE : EXIT_CANNOT;
}

static int watch_processes(struct watch_session *s)
{
    struct err err;
    struct watch_live live;
    size_t found = 0;
    int code = session_open(s, &err);
    if (code)
        return cmd_fail(&err, status_of(code));
    s->began_ns = clock_raw_ns();
    watch_live_open(&live, s->args.quiet);
    code = watch(s, &live, &err);
    watch_live_close(&live);
    if (code)
        return cmd_fail(&err, status_of(code));
    code = report(s, &found, &err);
    if (code)
        return cmd_fail(&err, code == -ENOMEM ? EXIT_CANNOT : EXIT_FILE);
    return cmd_done(s->args.fail_on && found ? EXIT_FOUND : EXIT_DONE);
}

static int switch_locks_off(const struct watch_session *s)
{
    struct err err;
    const int code = watch_locks_off((int)s->args.locks_off, &err);
    if (code == -ENOENT)
        return cmd_fail(&err, EXIT_USAGE);
    return code ? cmd_fail(&err, status_of(code)) : cmd_done(EXIT_DONE);
}

static const struct watch_mode *mode_of(const struct watch_args *a)
{
    return a->exact   ? &watch_exact
           : a->maps  ? &watch_maps
           : a->locks ? &watch_locks
                      : &watch_sharing;
}

static int watch_main(int argc, char **argv)
{
    struct watch_session s = {0};
    struct err err;
    int status = watch_args_parse(argc, argv, &s.args);
    s.mode = mode_of(&s.args);
    if (status < 0 && s.args.locks_off)
        status = switch_locks_off(&s);
    const struct output_file json = {"--json", s.args.json, &s.json};
    if (status < 0) {
        const int code = output_files_open_all(&json, 1, &err);
        s.stop = signals_listen();
        prctl(PR_SET_TIMERSLACK, 1000); /* ns: it sleeps for some microseconds */
        status =
            code ? cmd_fail(&err, code == -EINVAL ? EXIT_USAGE : EXIT_FILE) : watch_processes(&s);
    }
    session_close(&s);
    return status;
}

const struct cmd cmd_watch = {
    "watch", "find false sharing in a running program", watch_main, &watch_options, NULL};
