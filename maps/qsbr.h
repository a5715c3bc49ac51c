/* SPDX-License-Identifier: MIT
 * What strategies share that let readers go on without a lock: what they replace is freed by
 * liburcu's QSBR when every thread has reported since that it holds no reference. */
#ifndef MAPS_QSBR_H
#define MAPS_QSBR_H

#include "maps/map.h"

#include <pthread.h>
#include <stdatomic.h>
#include <urcu-qsbr.h>

struct qsbr_delays {
    _Atomic uint64_t freed, sum_ns, most_ns;
    _Atomic uint64_t retired;
};

/* The first member of a map whose strategy has QSBR_FUNCTIONS. */
struct qsbr_map {
    pthread_mutex_t writer;
    struct qsbr_delays delays;
    unsigned words, every; /* of a value; ops between two reports of a thread */
};
void qsbr_map_init(struct qsbr_map *map, const struct map_needs *needs);
/* All that was retired is freed when it returns; the calling thread has not joined. */
void qsbr_wait(void);
void qsbr_map_fini(struct qsbr_map *map);

/* A thread that has joined. */
struct qsbr_self {
    void *map;
    unsigned every, left; /* ops until the next report */
};
/* As struct map_strategy has them. */
void *qsbr_join(void *map, unsigned thread);
void qsbr_leave(void *self);
void qsbr_facts(void *map, struct map_facts *facts);
void qsbr_sleep(void *self, bool begins);
#define QSBR_FUNCTIONS                                                                             \
    MAP_FUNCTIONS, .join = qsbr_join, .leave = qsbr_leave, .facts = qsbr_facts, .sleep = qsbr_sleep

/* What a library orders that ThreadSanitizer does not see into: all before qsbr_pass comes before
 * all after a qsbr_receive of the same address that sees its effect. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
static inline void qsbr_pass(const void *at)
{
    __tsan_release((void *)(uintptr_t)at);
}
static inline void qsbr_receive(const void *at)
{
    __tsan_acquire((void *)(uintptr_t)at);
}
#else
static inline void qsbr_pass(const void *at)
{
    (void)at;
}
static inline void qsbr_receive(const void *at)
{
    (void)at;
}
#endif
extern const char qsbr_reports; /* an address to pass and receive all reports */

/* After an op: the thread holds no reference any more. */
static inline void qsbr_done(struct qsbr_self *self)
{
    if (--self->left == 0) {
        self->left = self->every;
        qsbr_pass(&qsbr_reports);
        rcu_quiescent_state();
    }
}

/* A thread that waits for a lock must not make others wait for its report. */
static inline void qsbr_lock(pthread_mutex_t *lock)
{
    if (pthread_mutex_trylock(lock) == 0)
        return;
    qsbr_pass(&qsbr_reports);
    rcu_thread_offline();
    pthread_mutex_lock(lock);
    rcu_thread_online();
}

/* What is retired begins with this; it and the delays are counted. */
struct qsbr_retired {
    struct rcu_head head;
    struct qsbr_delays *delays;
    uint64_t at_ns;
    void (*free)(struct qsbr_retired *);
};
void qsbr_retire(
    struct qsbr_retired *what, struct qsbr_delays *delays, void (*free)(struct qsbr_retired *));
/* Memory that is replaced as a whole. */
struct value {
    struct qsbr_retired retired; /* first */
    uint64_t words[];
};
/* NULL: no memory. Freed by map_free as long as no thread has seen it. */
struct value *value_new(const uint64_t *words, unsigned count);
void value_retire(struct value *value, struct qsbr_delays *delays);

uint64_t qsbr_now_ns(void);

#endif
