/* SPDX-License-Identifier: MIT
 * What strategies share that let readers go on without a lock: what they replace is freed by
 * liburcu's QSBR when every thread has reported since that it holds no reference. */
#ifndef MAPS_QSBR_H
#define MAPS_QSBR_H

#include "maps/map.h"

#include <pthread.h>
#include <stdatomic.h>
#include <urcu-qsbr.h>

/* A thread that has joined. */
struct qsbr_self {
    void *map;
    unsigned every, left; /* ops between two reports; until the next */
};

/* NULL: no memory. */
void *qsbr_join(void *map, unsigned every);
void qsbr_leave(void *self);

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
struct qsbr_delays {
    _Atomic uint64_t freed, sum_ns, most_ns;
    _Atomic uint64_t retired;
};
void qsbr_retire(
    struct qsbr_retired *what, struct qsbr_delays *delays, void (*free)(struct qsbr_retired *));
/* All that was retired is freed when it returns; the calling thread has not joined. */
void qsbr_wait(void);
void qsbr_facts(const struct qsbr_delays *delays, struct map_facts *facts);

#endif
