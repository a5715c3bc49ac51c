/* SPDX-License-Identifier: MIT
 * Threads that libc creates to run a function of the program (SIGEV_THREAD): no pthread_create is
 * seen, and the threads are known from their first access on (thread_adopt). */
#include "runtime/base/real_libc.h"
#include "runtime/base/recording.h"
#include "runtime/helper_thread.h"
#include "runtime/inside.h"
#include "runtime/schedule.h"
#include "runtime/thread.h"

#include <aio.h>
#include <errno.h>
#include <mqueue.h>
#include <netdb.h>
#include <signal.h>
#include <time.h>

/* In glibc before 2.34 they are in librt, which most static programs do not have. */
#if !defined(ACCESS_WRAP) || __GLIBC_PREREQ(2, 34)
/* Such threads come after what the caller did so far, and the program has several for good. */
static void begin_threads(void)
{
    static uint32_t begun; /* in this process */
    if (state_me.tag == TAG_STRANGER)
        thread_adopt();
    vector_clock_release(&thread_expected);
    if (__atomic_exchange_n(&begun, record->pid, __ATOMIC_RELAXED) == record->pid)
        return;
    __atomic_fetch_add(&record->threads_created, 1, __ATOMIC_RELAXED);
    schedule_change_threads(1);
}

static void expect_thread(const struct sigevent *event)
{
    if (!event || event->sigev_notify != SIGEV_THREAD || !inside_enter())
        return;
    const int before = errno;
    if (helper_start())
        begin_threads();
    errno = before;
    inside_leave();
}

#define NOTIFY(name, event, arguments, ...)                                                        \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        expect_thread(event);                                                                      \
        return NEXT(name) arguments;                                                               \
    }
typedef struct sigevent *event_of;
NOTIFY(timer_create, event, (clock, event, timer), clockid_t clock, event_of event, timer_t *timer)
NOTIFY(mq_notify, event, (queue, event), mqd_t queue, const struct sigevent *event)
#ifndef ACCESS_WRAP /* would bring the resolver into each static program, and the linker warns */
NOTIFY(getaddrinfo_a, event, (mode, list, count, event), int mode, struct gaicb **list, int count,
    event_of event)
#endif
/* glibc has each a second time, for programs with _FILE_OFFSET_BITS=64. */
#define NOTIFY_AIO(suffix)                                                                         \
    NOTIFY(aio_read##suffix, &at->aio_sigevent, (at), struct aiocb##suffix *at)                    \
    NOTIFY(aio_write##suffix, &at->aio_sigevent, (at), struct aiocb##suffix *at)                   \
    NOTIFY(aio_fsync##suffix, &at->aio_sigevent, (how, at), int how, struct aiocb##suffix *at)     \
    NOTIFY(lio_listio##suffix, event, (mode, list, count, event), int mode,                        \
        struct aiocb##suffix *const *list, int count, event_of event)
NOTIFY_AIO()
NOTIFY_AIO(64)
#undef NOTIFY_AIO
#undef NOTIFY
#endif
