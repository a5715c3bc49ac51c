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
extern _Thread_local struct me state_me INITIAL_EXEC __attribute__((alias("numaprobe_me_1")));
struct gate numaprobe_gate_1;
extern struct gate state_gate __attribute__((alias("numaprobe_gate_1")));
uint32_t state_burst = 1;

struct lock_take lock_table[LOCKS];

enum state { STATE_NEW, STATE_STARTING, STATE_READY, STATE_OFF };
static uint32_t state;

bool state_is_ready(void)
{
    return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == STATE_READY;
}

void state_turn_off(const char *why)
{
    plain_text(record->note, sizeof record->note, why);
    __atomic_store_n(&state, STATE_OFF, __ATOMIC_RELEASE);
    state_gate.on = 0;
}

/* Not the library's, which is a point where the program's thread may be cancelled. */
void plain_nap(void)
{
    const struct timespec t = {.tv_nsec = 50000};
    const int before = errno;
    syscall(SYS_nanosleep, &t, NULL);
    errno = before;
}

/* A holder that does not come back is in a signal handler that waits, or has left and not been here
 * since. Better blind than stuck. */
void lock_wait(uint32_t *lock)
{
    enum { SPINS = 1000, PATIENCE_NS = 1000000000 };
    const uint64_t began = plain_now_ns();
    for (unsigned tries = 1; !lock_try(lock); tries++) {
        if (tries % SPINS) {
            arch_pause();
        } else if (plain_now_ns() - began > PATIENCE_NS) {
            state_turn_off(
                "a thread was stopped inside the runtime for a second, by a signal handler "
                "or a busy machine: nothing was seen from then on");
            __atomic_store_n(lock, lock_owner(), __ATOMIC_RELAXED);
            return;
        } else {
            plain_nap();
        }
    }
}

void inside_escape(void)
{
    struct me *me = &state_me;
    while (me->holds) {
        uint32_t mine = lock_owner(), busy = TAG_BUSY;
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
bool inside_has_left(uintptr_t frame)
{
    const uintptr_t entered = state_me.inside;
    stack_t own;
    if (frame < entered || !stack_holds(entered) || !stack_holds(frame))
        return false;
    if (sigaltstack(NULL, &own) == 0 && own.ss_flags & SS_ONSTACK)
        return false;
    inside_escape();
    return true;
}

void lifecycle_fork(void)
{
    for (unsigned i = 0; i < LOCKS; i++)
        lock_table[i].word = 0;
    vector_clock_fork();
}

void *plain_map(size_t bytes)
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
    return first && first != &state_gate;
#endif
}

static bool start(void)
{
    /* The record first: it can then tell why the rest failed. */
    return record_init() && shadow_init() && vector_clock_init() && stack_init() &&
           objects_init() && thread_init();
}

/* Whatever fails, the program goes on, unwatched. */
void lifecycle_start(void)
{
    uint32_t fresh = STATE_NEW;
    if (!__atomic_compare_exchange_n(
            &state, &fresh, STATE_STARTING, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
        return;
    const int before = errno;
    state_me.inside = INSIDE;
    const bool done = getenv("NUMAPROBE_RECORD") && !is_second() && start();
    if (done) {
        schedule_init();
        modules_update();
    }
    state_me.inside = 0;
    __atomic_store_n(&state, done ? STATE_READY : STATE_OFF, __ATOMIC_RELEASE);
    errno = before;
}

/* As early as can be, and also when nothing instrumented is in the program itself. */
__attribute__((constructor(101))) static void at_start(void)
{
    lifecycle_start();
}

__attribute__((destructor(101))) static void at_end(void)
{
    lifecycle_end(RECORD_EXITED);
}

void tier1_range(uintptr_t address, size_t size, unsigned kind, uintptr_t pc)
{
    if (!state_gate.on)
        return;
    while (size > 0) {
        const size_t left = RECORD_LINE - (address & (RECORD_LINE - 1));
        const unsigned here = (unsigned)(size < left ? size : left);
        if (!tier1_knows(address, here, kind))
            tier1_access(address, here, kind, pc);
        address += here;
        size -= here;
    }
}

/* Written so that the compiler does not make a call of memcpy or memset of it. */
void plain_copy(void *to, const void *from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    for (size_t i = 0; i < bytes; i++) {
        t[i] = f[i];
        __asm__ volatile("" ::: "memory");
    }
}

void plain_zero(void *at, size_t bytes)
{
    char *a = at;
    for (size_t i = 0; i < bytes; i++) {
        a[i] = 0;
        __asm__ volatile("" ::: "memory");
    }
}

size_t plain_text(char *to, size_t room, const char *from)
{
    size_t length = 0;
    for (; from && from[length] && length + 1 < room; length++)
        to[length] = from[length];
    to[length] = 0;
    return length;
}
