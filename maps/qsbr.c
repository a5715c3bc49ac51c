/* SPDX-License-Identifier: MIT
 * Retired memory is freed by call_rcu's own thread, which is not bound to a cpu. */
#include "maps/map.h" /* something, where there is nothing else */

#ifdef HAVE_URCU
#include "maps/memory.h"
#include "maps/qsbr.h"

#include <time.h>

void *qsbr_join(void *map, unsigned every)
{
    struct qsbr_self *const self = map_zeroed_line(sizeof *self);
    if (!self)
        return NULL;
    *self = (struct qsbr_self){map, every ? every : 1, every ? every : 1};
    rcu_register_thread();
    return self;
}

const char qsbr_reports;

void qsbr_leave(void *self)
{
    qsbr_pass(&qsbr_reports);
    rcu_unregister_thread();
    map_free(self);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void free_retired(struct rcu_head *head)
{
    struct qsbr_retired *const what = caa_container_of(head, struct qsbr_retired, head);
    qsbr_receive(what);
    qsbr_receive(&qsbr_reports);
    struct qsbr_delays *const delays = what->delays;
    const uint64_t delay = now_ns() - what->at_ns;
    what->free(what);
    if (delay > atomic_load_explicit(&delays->most_ns, memory_order_relaxed))
        atomic_store_explicit(&delays->most_ns, delay, memory_order_relaxed); /* one thread frees */
    atomic_fetch_add_explicit(&delays->sum_ns, delay, memory_order_relaxed);
    atomic_fetch_add_explicit(&delays->freed, 1, memory_order_relaxed);
    qsbr_pass(&qsbr_reports);
}

void qsbr_retire(
    struct qsbr_retired *what, struct qsbr_delays *delays, void (*free)(struct qsbr_retired *))
{
    what->delays = delays;
    what->at_ns = now_ns();
    what->free = free;
    atomic_fetch_add_explicit(&delays->retired, 1, memory_order_relaxed);
    qsbr_pass(what);
    call_rcu(&what->head, free_retired);
}

void qsbr_wait(void)
{
    rcu_barrier();
    qsbr_receive(&qsbr_reports);
}

void qsbr_facts(const struct qsbr_delays *delays, struct map_facts *facts)
{
    facts->freed = delays->freed;
    facts->waiting = delays->retired - delays->freed;
    facts->freed_after_ns = facts->freed ? (double)delays->sum_ns / (double)facts->freed : 0;
    facts->freed_after_most_ns = (double)delays->most_ns;
}

/* ThreadSanitizer sees what liburcu takes and frees, but not what orders it. */
#ifdef __SANITIZE_THREAD__
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "called_from_lib:liburcu-qsbr.so\ncalled_from_lib:liburcu-cds.so\nrace:liburcu\n";
}
#endif
#endif
