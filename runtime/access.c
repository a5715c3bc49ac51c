/* SPDX-License-Identifier: MIT
 * Starting the runtime, its memory, and accesses of any size. */
#include "runtime/access.h"

#include "base/arch/arch.h"
#include "runtime/real_libc.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

_Thread_local struct me numaprobe_me_1 INITIAL_EXEC = {.tag = TAG_STRANGER};
extern _Thread_local struct me access_me INITIAL_EXEC __attribute__((alias("numaprobe_me_1")));
struct gate numaprobe_gate_1;
extern struct gate access_gate __attribute__((alias("numaprobe_gate_1")));
uint32_t access_burst = 1;

struct access_lock access_locks[LOCKS];

enum state { STATE_NEW, STATE_STARTING, STATE_READY, STATE_OFF };
static uint32_t state;

bool access_ready(void)
{
    return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == STATE_READY;
}

void access_off(const char *why)
{
    access_text(record->note, sizeof record->note, why);
    __atomic_store_n(&state, STATE_OFF, __ATOMIC_RELEASE);
    access_gate.on = 0;
}

/* Not the library's, which is a point where the program's thread may be cancelled. */
void access_nap(void)
{
    const struct timespec t = {.tv_nsec = 50000};
    const int before = errno;
    syscall(SYS_nanosleep, &t, NULL);
    errno = before;
}

/* A holder that does not come back is in a signal handler that waits, or has left and not been here
 * since. Better blind than stuck. */
void access_wait(uint32_t *lock)
{
    enum { SPINS = 1000, PATIENCE_NS = 1000000000 };
    const uint64_t began = record_now_ns();
    for (unsigned tries = 1; !access_try(lock); tries++) {
        if (tries % SPINS) {
            arch_pause();
        } else if (record_now_ns() - began > PATIENCE_NS) {
            access_off("a thread was stopped inside the runtime for a second, by a signal handler "
                       "or a busy machine: nothing was seen from then on");
            __atomic_store_n(lock, access_id(), __ATOMIC_RELAXED);
            return;
        } else {
            access_nap();
        }
    }
}

void access_escape(void)
{
    struct me *me = &access_me;
    while (me->holds) {
        uint32_t mine = access_id(), busy = TAG_BUSY;
        const uint32_t last = --me->holds;
        if (last < HELD && !__atomic_compare_exchange_n(
                               me->held[last], &mine, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            __atomic_compare_exchange_n(
                me->held[last], &busy, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    }
    me->inside = 0;
}

/* Stacks grow down: what is called while the thread is inside lies deeper. Only a handler's own
 * stack may lie above, if the program put it there. */
bool access_left(uintptr_t frame)
{
    const uintptr_t entered = access_me.inside;
    stack_t own;
    if (frame < entered || !stack_holds(entered) || !stack_holds(frame))
        return false;
    if (sigaltstack(NULL, &own) == 0 && own.ss_flags & SS_ONSTACK)
        return false;
    access_escape();
    return true;
}

void access_fork(void)
{
    for (unsigned i = 0; i < LOCKS; i++)
        access_locks[i].word = 0;
    vector_clock_fork();
}

void *access_map(size_t bytes)
{
    void *at = real_mmap(
        NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    madvise(at, bytes, MADV_NOHUGEPAGE);
    madvise(at, bytes, MADV_DONTDUMP); /* or a core would take terabytes to write */
    return at;
}

/* A library built by cc brings the shared runtime along, for programs that have none. In one that
 * has, all hooks are the program's, and this one must see nothing: it would take the program's
 * calls of pthread_create for its own. */
static bool is_second(void)
{
#ifdef ACCESS_WRAP
    return false;
#else
    const void *first = dlsym(RTLD_DEFAULT, "numaprobe_gate_1");
    return first && first != &access_gate;
#endif
}

static bool start(void)
{
    /* The record first: it can then tell why the rest failed. */
    return record_init() && shadow_init() && vector_clock_init() && stack_init() &&
           objects_init() && thread_init();
}

/* Whatever fails, the program goes on, unwatched. */
void access_init(void)
{
    uint32_t fresh = STATE_NEW;
    if (!__atomic_compare_exchange_n(
            &state, &fresh, STATE_STARTING, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
        return;
    const int before = errno;
    access_me.inside = INSIDE;
    const bool done = getenv("NUMAPROBE_RECORD") && !is_second() && start();
    if (done) {
        burst_init();
        modules_update();
    }
    access_me.inside = 0;
    __atomic_store_n(&state, done ? STATE_READY : STATE_OFF, __ATOMIC_RELEASE);
    errno = before;
}

/* As early as can be, and also when nothing instrumented is in the program itself. */
__attribute__((constructor(101))) static void at_start(void)
{
    access_init();
}

__attribute__((destructor(101))) static void at_end(void)
{
    record_end(RECORD_EXITED);
}

void access_range(uintptr_t address, size_t size, unsigned kind, uintptr_t pc)
{
    if (!access_gate.on)
        return;
    while (size > 0) {
        const size_t left = RECORD_LINE - (address & (RECORD_LINE - 1));
        const unsigned here = (unsigned)(size < left ? size : left);
        if (!access_known(address, here, kind))
            access_slow(address, here, kind, pc);
        address += here;
        size -= here;
    }
}

/* Written so that the compiler does not make a call of memcpy or memset of it. */
void access_copy(void *to, const void *from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    for (size_t i = 0; i < bytes; i++) {
        t[i] = f[i];
        __asm__ volatile("" ::: "memory");
    }
}

void access_zero(void *at, size_t bytes)
{
    char *a = at;
    for (size_t i = 0; i < bytes; i++) {
        a[i] = 0;
        __asm__ volatile("" ::: "memory");
    }
}

size_t access_text(char *to, size_t room, const char *from)
{
    size_t length = 0;
    for (; from && from[length] && length + 1 < room; length++)
        to[length] = from[length];
    to[length] = 0;
    return length;
}
