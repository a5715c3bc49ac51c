/* SPDX-License-Identifier: MIT
 * The uninstrumented program on all cpus, and on one. */
#include "base/debug.h"
#include "cli/detect/price_session.h"
#include "machine/baseline.h"

#include <errno.h>
#include <stdlib.h>

/* The cpus beside the one that the program is bound to. */
static struct cpuset beside_cpus(const struct price_session *s)
{
    return (struct cpuset){
        .cpu = s->stage->cpu + 1, .count = s->crowded ? s->stage->threads - 1 : 0};
}

/* What is kept of a run; its threads' time is distributed to the recording's threads. */
struct plain_run {
    double elapsed_ns, user, waited;
    int status;
};

static int take_run(struct price_session *s, const struct baseline_options *how, double *cpu_ns,
    struct plain_run *out, struct err *err)
{
    struct baseline_run run;
    const int code = baseline_run(s->argv, how, &run, err);
    *out = (struct plain_run){run.elapsed_ns, run.user, run.waited, run.status};
    if (code)
        return code;
    double *const plain_ns = calloc(run.threads + 1, sizeof *plain_ns);
    for (size_t i = 0; plain_ns && i < run.threads; i++)
        plain_ns[i] = run.thread[i].cpu_ns;
    if (plain_ns)
        price_threads(s->recording, plain_ns, run.threads, run.cpu_ns, cpu_ns);
    baseline_fini(&run);
    free(plain_ns);
    return 0;
}

static int check_status(const struct price_session *s, int status, struct err *err)
{
    const int expected = s->with->end.status;
    if (status == expected || *s->with->stop)
        return 0;
    return err_set(err, -EINVAL,
        "--plain: '%s' ended with %d, the instrumented program with %d: they are not the same",
        s->with->args.plain, status, expected);
}

static int run_together(struct price_session *s, struct err *err)
{
    struct price_program *const p = &s->program;
    struct plain_run run;
    const struct baseline_options how = {
        .cpu = BASELINE_ANY_CPU, .most_ns = s->with->args.price_time_ns, .stop = s->with->stop};
    const int code = take_run(s, &how, p->cpu_ns, &run, err);
    p->elapsed_ns = run.elapsed_ns;
    p->user = run.user;
    p->waited = run.waited;
    return code ? code : check_status(s, run.status, err);
}

/* A program that others of its kind disturb, since both want the same port or file, runs without
 * them from then on. */
static int run_alone(struct price_session *s, struct err *err)
{
    struct price_program *const p = &s->program;
    struct plain_run run;
    int code;
    bool again;
    do {
        const struct baseline_options how = {.cpu = (int)s->stage->cpu[0],
            .beside = beside_cpus(s),
            .most_ns = s->with->args.price_time_ns,
            .stop = s->with->stop};
        code = take_run(s, &how, p->alone_ns, &run, err);
        again = s->crowded && (code || check_status(s, run.status, err)) && !*s->with->stop;
        s->crowded &= !again;
    } while (again);
    p->alone = !code && price_is_alone(p, run.elapsed_ns);
    p->alone_user = run.user;
    return code ? code : check_status(s, run.status, err);
}

static void debug_threads(const struct price_session *s)
{
    const struct price_program *const p = &s->program;
    debug(DEBUG_PRICE, "block %zu: %.2f ms on all cpus, of which threads waited %.3f", s->blocks,
        p->elapsed_ns / 1e6, p->waited);
    for (size_t i = 0; i < p->threads; i++)
        debug(DEBUG_PRICE,
            "block %zu, thread %u: %.2f ms on all cpus (user %.2f), %.2f ms on one (%.2f)",
            s->blocks, s->recording->thread[i].tid, p->cpu_ns[i] / 1e6, p->user,
            p->alone_ns[i] / 1e6, p->alone_user);
}

int price_runs_take(struct price_session *s, struct err *err)
{
    s->program.threads = s->recording->threads;
    int code = run_together(s, err);
    if (!code && !*s->with->stop)
        code = run_alone(s, err);
    debug_threads(s);
    if (!code && s->blocks == 0 && detect_records_count(s->with->folder) > s->records)
        return err_set(err, -EINVAL,
            "--plain: '%s' is built by numaprobe cc, too; name the same program built without",
            s->with->args.plain);
    return code;
}
