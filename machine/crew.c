/* SPDX-License-Identifier: MIT
 * Threads that are pinned with hwloc and wait for the next job. */
#include "machine/crew.h"

#include "machine/system/sysfile.h"

#include <errno.h>
#include <hwloc.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct member {
    struct crew *crew;
    unsigned index, cpu;
    pthread_t thread;
    int code; /* of binding it */
    pthread_cond_t posted;
    unsigned jobs; /* posted to it so far; the crew's mutex guards it */
};

struct crew {
    struct machine *machine;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t done;
    unsigned busy; /* members that have not ended the last job */
    crew_job *job; /* NULL: leave */
    void *context;
    unsigned members;
    struct member member[];
};

static _Thread_local unsigned own_cpu;

static int bind_thread(struct machine *machine, unsigned cpu)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    if (!set)
        return -ENOMEM;
    hwloc_bitmap_only(set, cpu);
    const int rc =
        hwloc_set_cpubind(machine_hwloc(machine), set, HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT);
    const int code = rc ? -errno : 0;
    hwloc_bitmap_free(set);
    return code;
}

static void pin_member(void *context, unsigned thread)
{
    struct crew *crew = context;
    struct member *m = &crew->member[thread];
    m->code = bind_thread(crew->machine, m->cpu);
}

bool crew_strayed(void)
{
    const int here = sched_getcpu(); /* -1 where the kernel does not know */
    return here >= 0 && (unsigned)here != own_cpu;
}

double crew_waited_ns(void)
{
    char text[96];
    uint64_t ran, waited;
    return sysfile_read("", "/proc/thread-self/schedstat", text, sizeof text) &&
                   sscanf(text, "%" SCNu64 " %" SCNu64, &ran, &waited) == 2
               ? (double)waited
               : NAN;
}

static void *serve_jobs(void *argument)
{
    struct member *m = argument;
    struct crew *crew = m->crew;
    own_cpu = m->cpu;
    pthread_mutex_lock(&crew->mutex);
    for (unsigned seen = 0;;) {
        while (m->jobs == seen)
            pthread_cond_wait(&m->posted, &crew->mutex);
        seen = m->jobs;
        if (!crew->job)
            break;
        pthread_mutex_unlock(&crew->mutex);
        crew->job(crew->context, m->index);
        pthread_mutex_lock(&crew->mutex);
        if (--crew->busy == 0)
            pthread_cond_signal(&crew->done);
    }
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

/* Each member is woken separately: one that has no part in a job sleeps through it. */
static void post_job(struct crew *crew, unsigned thread)
{
    crew->member[thread].jobs++;
    crew->busy++;
    pthread_cond_signal(&crew->member[thread].posted);
}

static void post_all(struct crew *crew, crew_job *job, void *context)
{
    crew->job = job;
    crew->context = context;
    for (unsigned i = 0; i < crew->members; i++)
        post_job(crew, i);
}

static void wait_for_all(struct crew *crew)
{
    while (crew->busy)
        pthread_cond_wait(&crew->done, &crew->mutex);
}

/* The caller sleeps from the moment it has posted until the last member is done. A barrier would
 * wake it at the start as well, and where every cpu measures, it would then run on one of them in
 * the middle of a trial. */
void crew_run(struct crew *crew, crew_job *job, void *context)
{
    pthread_mutex_lock(&crew->mutex);
    post_all(crew, job, context);
    wait_for_all(crew);
    pthread_mutex_unlock(&crew->mutex);
}

void crew_run_some(
    struct crew *crew, const unsigned *thread, unsigned threads, crew_job *job, void *context)
{
    pthread_mutex_lock(&crew->mutex);
    crew->job = job;
    crew->context = context;
    for (unsigned i = 0; i < threads; i++)
        post_job(crew, thread[i]);
    wait_for_all(crew);
    pthread_mutex_unlock(&crew->mutex);
}

struct call {
    crew_call_fn *function;
    void *context;
    struct err *err;
    int code;
};

static void run_call(void *context, unsigned thread)
{
    (void)thread;
    struct call *const call = context;
    call->code = call->function(call->context, call->err);
}

int crew_call(
    struct crew *crew, unsigned thread, crew_call_fn *function, void *context, struct err *err)
{
    struct call call = {.function = function, .context = context, .err = err};
    crew_run_some(crew, &thread, 1, run_call, &call);
    return call.code;
}

unsigned crew_threads(const struct crew *crew)
{
    return crew->members;
}

unsigned crew_near(const struct crew *crew, const struct topology *topology, int node)
{
    for (unsigned i = 0; i < crew->members; i++)
        if (topology_cpu(topology, crew->member[i].cpu)->node == node)
            return i;
    return 0;
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    pthread_mutex_lock(&crew->mutex);
    post_all(crew, NULL, NULL);
    pthread_mutex_unlock(&crew->mutex);
    for (unsigned i = 0; i < crew->members; i++) {
        pthread_join(crew->member[i].thread, NULL);
        pthread_cond_destroy(&crew->member[i].posted);
    }
    pthread_cond_destroy(&crew->done);
    pthread_mutex_destroy(&crew->mutex);
    free(crew);
}

static int first_unpinned(const struct crew *crew, struct err *err)
{
    for (unsigned i = 0; i < crew->members; i++)
        if (crew->member[i].code)
            return err_set(err, crew->member[i].code,
                "--cpus: cannot run on cpu %u: %s; 'numaprobe topo' lists the cpus this process "
                "may use",
                crew->member[i].cpu, strerror(-crew->member[i].code));
    return 0;
}

/* Counts the members that could be started in crew->members. Returns 0, or the errno that prevented
 * the next one. */
static int start_members(
    struct crew *crew, const unsigned *cpu, unsigned cpus, const pthread_attr_t *attr)
{
    sigset_t all, old;
    int failed = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    for (unsigned i = 0; i < cpus && !failed; i++) {
        struct member *m = &crew->member[i];
        *m = (struct member){.crew = crew, .index = i, .cpu = cpu[i]};
        pthread_cond_init(&m->posted, NULL);
        failed = pthread_create(&m->thread, attr, serve_jobs, m);
        crew->members += !failed;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return failed;
}

/* Without members. NULL: no memory. */
static struct crew *new_crew(struct machine *machine, unsigned most)
{
    struct crew *const crew = calloc(1, sizeof *crew + most * sizeof *crew->member);
    if (!crew)
        return NULL;
    crew->machine = machine;
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->done, NULL);
    return crew;
}

/* `code`: of starting the members, with err. A crew that is not whole is freed. */
static int pin_members(int code, struct crew *crew, struct crew **out, struct err *err)
{
    if (!code) {
        crew_run(crew, pin_member, crew);
        code = first_unpinned(crew, err);
    }
    if (code)
        crew_free(crew);
    else
        *out = crew;
    return code;
}

int crew_new(
    struct machine *machine, const unsigned *cpu, unsigned cpus, struct crew **out, struct err *err)
{
    struct crew *const crew = new_crew(machine, cpus);
    if (!crew)
        return err_set(err, -ENOMEM, "out of memory for %u threads", cpus);
    const int failed = start_members(crew, cpu, cpus, NULL);
    const int code = failed ? err_set(err, -failed,
                                  "cannot start thread %u: %s; use fewer cpus or raise 'ulimit -u'",
                                  crew->members, strerror(failed))
                            : 0;
    return pin_members(code, crew, out, err);
}

int crew_new_many(const struct crew *other, const unsigned *cpu, unsigned threads,
    struct crew **out, struct err *err)
{
    pthread_attr_t attr;
    struct crew *const crew = new_crew(other->machine, threads);
    if (!crew || pthread_attr_init(&attr)) {
        crew_free(crew);
        return err_set(err, -ENOMEM, "out of memory for %u threads", threads);
    }
    pthread_attr_setstacksize(&attr, CREW_STACK);
    const int failed = start_members(crew, cpu, threads, &attr);
    pthread_attr_destroy(&attr);
    const int code =
        failed ? err_set(err, -failed,
                     "--client-threads: cannot start more than %u of %u: %s; use fewer, or raise "
                     "'ulimit -u'",
                     crew->members, threads, strerror(failed))
               : 0;
    return pin_members(code, crew, out, err);
}
