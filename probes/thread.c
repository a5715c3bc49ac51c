/* SPDX-License-Identifier: MIT
 * Threads pinned with hwloc, driven by two barriers. */
#include "probes/thread.h"

#include <errno.h>
#include <hwloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct member {
    struct crew *crew;
    unsigned index, cpu;
    pthread_t thread;
    int code; /* of binding it */
};

struct crew {
    struct machine *machine;
    pthread_mutex_t starting; /* held until `complete` is decided */
    bool complete;            /* all threads could be started */
    pthread_barrier_t begin, end;
    crew_job *job; /* NULL: leave */
    void *context;
    unsigned members;
    struct member member[];
};

static int pin(struct machine *machine, unsigned cpu)
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

static void *serve(void *argument)
{
    struct member *m = argument;
    pthread_mutex_lock(&m->crew->starting);
    const bool complete = m->crew->complete;
    pthread_mutex_unlock(&m->crew->starting);
    if (!complete)
        return NULL;
    m->code = pin(m->crew->machine, m->cpu);
    pthread_barrier_wait(&m->crew->end);
    for (;;) {
        pthread_barrier_wait(&m->crew->begin);
        if (!m->crew->job)
            return NULL;
        m->crew->job(m->crew->context, m->index);
        pthread_barrier_wait(&m->crew->end);
    }
}

void crew_run(struct crew *crew, crew_job *job, void *context)
{
    crew->job = job;
    crew->context = context;
    pthread_barrier_wait(&crew->begin);
    pthread_barrier_wait(&crew->end);
}

static void release(struct crew *crew, unsigned started)
{
    for (unsigned i = 0; i < started; i++)
        pthread_join(crew->member[i].thread, NULL);
    pthread_barrier_destroy(&crew->begin);
    pthread_barrier_destroy(&crew->end);
    pthread_mutex_destroy(&crew->starting);
    free(crew);
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    crew->job = NULL;
    pthread_barrier_wait(&crew->begin);
    release(crew, crew->members);
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

/* Returns how many threads could be started; *failed tells why not all. A thread waits for
 * `starting` first: at a barrier that nobody fills it could not be told to leave. */
static unsigned start(struct crew *crew, const unsigned *cpu, int *failed)
{
    sigset_t all, old;
    unsigned i = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_mutex_lock(&crew->starting);
    for (; i < crew->members; i++) {
        struct member *m = &crew->member[i];
        *m = (struct member){.crew = crew, .index = i, .cpu = cpu[i]};
        *failed = pthread_create(&m->thread, NULL, serve, m);
        if (*failed)
            break;
    }
    crew->complete = i == crew->members;
    pthread_mutex_unlock(&crew->starting);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return i;
}

int crew_new(
    struct machine *machine, const unsigned *cpu, unsigned cpus, struct crew **out, struct err *err)
{
    struct crew *crew = calloc(1, sizeof *crew + cpus * sizeof *crew->member);
    if (!crew)
        return err_set(err, -ENOMEM, "out of memory for %u threads", cpus);
    crew->machine = machine;
    crew->members = cpus;
    pthread_mutex_init(&crew->starting, NULL);
    pthread_barrier_init(&crew->begin, NULL, cpus + 1);
    pthread_barrier_init(&crew->end, NULL, cpus + 1);
    int failed = 0;
    const unsigned started = start(crew, cpu, &failed);
    if (failed) {
        release(crew, started);
        return err_set(err, -failed,
            "cannot start thread %u: %s; use fewer cpus or raise 'ulimit -u'", started,
            strerror(failed));
    }
    pthread_barrier_wait(&crew->end);
    const int code = first_unpinned(crew, err);
    if (code)
        crew_free(crew);
    else
        *out = crew;
    return code;
}

void gate_init(struct gate *gate, unsigned expected)
{
    atomic_store_explicit(&gate->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&gate->start, 0, memory_order_relaxed);
    gate->expected = expected;
}

uint64_t gate_pass(struct gate *gate, const struct clock *clock)
{
    if (atomic_fetch_add_explicit(&gate->arrived, 1, memory_order_acq_rel) + 1 == gate->expected) {
        const uint64_t now = clock_now(clock);
        /* Pairs with the acquire below. */
        atomic_store_explicit(&gate->start, now, memory_order_release);
        return now;
    }
    uint64_t start;
    while (!(start = atomic_load_explicit(&gate->start, memory_order_acquire)))
        arch_pause();
    return start;
}
