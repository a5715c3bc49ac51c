/* SPDX-License-Identifier: MIT
 * Pinned threads that do one job after another together, and sleep between jobs. */
#ifndef MACHINE_CREW_H
#define MACHINE_CREW_H

#include "base/err.h"
#include "machine/topology.h"

#include <stdbool.h>

struct crew;
typedef void crew_job(void *context, unsigned thread);
typedef int crew_call_fn(void *context, struct err *err);

/* Starts one thread on each of `cpus`, bound through hwloc. -errno with err naming the cpu that is
 * not available. Signals are delivered to the calling thread only. */
int crew_new(struct machine *machine, const unsigned *cpu, unsigned cpus, struct crew **crew,
    struct err *err);
/* Starts threads for clients on the same machine as another crew: `cpu` names the cpu of each, and
 * many a cpu several times. Their stacks are of CREW_STACK bytes. -errno with err, also when the
 * system lets no more be started. */
enum { CREW_STACK = 256 << 10 };
int crew_new_many(const struct crew *other, const unsigned *cpu, unsigned threads,
    struct crew **crew, struct err *err);
void crew_free(struct crew *crew); /* NULL is safe */
unsigned crew_threads(const struct crew *crew);
/* Runs job(context, 0 … cpus-1), each on its thread, and returns when all have ended. The job sees
 * what the caller wrote before, and the caller then sees what the job wrote. */
void crew_run(struct crew *crew, crew_job *job, void *context);
/* The same on some of the threads, none named twice; the others sleep on. */
void crew_run_some(
    struct crew *crew, const unsigned *thread, unsigned threads, crew_job *job, void *context);
/* Calls function(context, err) on one thread, for what must happen on a pinned cpu, and returns
 * what it returns. */
int crew_call(
    struct crew *crew, unsigned thread, crew_call_fn *function, void *context, struct err *err);
/* The first thread whose cpu lies on the OS node; the first of all when there is none. Memory
 * should be touched there: where binding is forbidden, the first touch alone decides where a page
 * lies. */
unsigned crew_near(const struct crew *crew, const struct topology *topology, int node);
/* Whether the calling thread, which is one of a crew, runs on a cpu that is not its own: when a cpu
 * goes offline, the kernel moves the threads that are bound to it and ends their binding. */
bool crew_strayed(void);
/* How long the calling thread has waited for a cpu that it could have used, since it began; NaN
 * where the kernel does not report it (proc(5), /proc/pid/schedstat). */
double crew_waited_ns(void);

#endif
