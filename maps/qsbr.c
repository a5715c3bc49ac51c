/* SPDX-License-Identifier: MIT
 * Retired memory is freed by call_rcu's own thread, which is not bound to a cpu. */
#include "maps/map.h" /* something, where there is nothing else */

#ifdef HAVE_URCU
#include "maps/memory.h"
#include "maps/qsbr.h"

#include <string.h>
#include <time.h>

const char qsbr_reports;

void qsbr_map_init(struct qsbr_map *map, const struct map_needs *needs)
{
    *map = (struct qsbr_map){.words = needs->words, .every = needs->quiesce ? needs->quiesce : 1};
    pthread_mutex_init(&map->writer, NULL);
}

void qsbr_wait(void)
{
    rcu_barrier();
    qsbr_receive(&qsbr_reports);
}

void qsbr_map_fini(struct qsbr_map *map)
{
    pthread_mutex_destroy(&map->writer);
}

void *qsbr_join(void *map, unsigned thread)
{
    const unsigned every = ((const struct qsbr_map *)map)->every;
    struct qsbr_self *const self = map_zeroed_line(sizeof *self);
    (void)thread;
    if (!self)
        return NULL;
    *self = (struct qsbr_self){map, every, every};
    rcu_register_thread();
    return self;
}

void qsbr_leave(void *self)
{
    qsbr_pass(&qsbr_reports);
    rcu_unregister_thread();
    map_free(self);
}

/* Whoever sleeps must not make others wait for its report. */
void qsbr_sleep(void *self, bool begins)
{
    (void)self;
    if (!begins) {
        rcu_thread_online();
        return;
    }
    qsbr_pass(&qsbr_reports);
    rcu_thread_offline();
}

uint64_t qsbr_now_ns(void)
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
    const uint64_t delay = qsbr_now_ns() - what->at_ns;
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
    what->at_ns = qsbr_now_ns();
    what->free = free;
    atomic_fetch_add_explicit(&delays->retired, 1, memory_order_relaxed);
    qsbr_pass(what);
    call_rcu(&what->head, free_retired);
}

void qsbr_facts(void *map, struct map_facts *facts)
{
    const struct qsbr_delays *const delays = &((const struct qsbr_map *)map)->delays;
    facts->freed = delays->freed;
    facts->waiting = delays->retired - delays->freed;
    facts->freed_after_ns = facts->freed ? (double)delays->sum_ns / (double)facts->freed : 0;
    facts->freed_after_most_ns = (double)delays->most_ns;
}

struct value *value_new(const uint64_t *words, unsigned count)
{
    struct value *const v = map_zeroed(1, sizeof *v + count * sizeof *words);
    if (v) {
        memcpy(v->words, words, count * sizeof *words);
        qsbr_pass(v);
    }
    return v;
}

static void free_value(struct qsbr_retired *retired)
{
    map_free(retired);
}

void value_retire(struct value *value, struct qsbr_delays *delays)
{
    qsbr_retire(&value->retired, delays, free_value);
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
