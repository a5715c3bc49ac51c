/* SPDX-License-Identifier: MIT
 * What orders goroutines, as Go's packages report it to the race detector. Channels, WaitGroups and
 * all else but locks order what was done before and after; locks are had (program_locks.h), as in
 * C. */
#include "base/record.h"
#include "runtime/base/state.h"
#include "runtime/baton.h"
#include "runtime/go/go_caller.h"
#include "runtime/go/go_hooks.h"
#include "runtime/inside.h"
#include "runtime/intercept/program_locks.h"
#include "runtime/objects.h"

/* The blocks of the channels that the thread used last. */
enum { CHANNELS = 8 };
static _Thread_local struct block {
    uintptr_t start;
    size_t size;
} channels[CHANNELS] INITIAL_EXEC;

/* A channel's buffered elements are one thing with it. */
static uintptr_t thing_at(enum go_kind kind, uintptr_t at)
{
    struct object o;
    struct block *const last = &channels[at >> 12 & (CHANNELS - 1)];
    if (kind != GO_CHANNEL)
        return at;
    if (at - last->start < last->size)
        return last->start;
    if (!objects_find(RECORD_HEAP, at, &o))
        return at;
    *last = (struct block){o.start, o.size};
    return o.start;
}

/* An RWMutex reports two of its members: a writer gets both, a reader gets the upper one and gives
 * back the lower one (RLock, RUnlock, Lock and Unlock of sync/rwmutex.go). The upper one is taken
 * for the lock. */
enum { MEMBER_BYTES = 4 };

/* What goroutine `slot` did so far happened before what those do that receive from `at` later. It
 * need not run now: another one that wakes it calls this in its name. */
static void pass(uint32_t slot, uintptr_t at, enum go_kind kind)
{
    struct round *const to = baton_round(thing_at(kind, at), true);
    if (!to)
        return;
    if (slot != state_me.slot)
        vector_clock_come(to, vector_clock_tag(slot));
    else if (kind == GO_GROUP)
        vector_clock_release(to);
    else
        vector_clock_come(to, vector_clock_mark());
}

static void receive(uint32_t slot, uintptr_t at, enum go_kind kind)
{
    const struct round *const from = baton_round(thing_at(kind, at), false);
    if (from)
        vector_clock_go_on(slot, from);
}

/* A Cond's mutex orders: who waits goes on with it. Such a mutex has a round from the first
 * wait on. */
static bool conditions; /* has any waited? */

/* Not written again and again: all threads read its line. */
static void note_kind(enum go_kind kind)
{
    if (kind == GO_CONDITION && !conditions)
        conditions = true;
}

static void get(uint32_t slot, uintptr_t at, enum go_kind kind)
{
    const bool lock = kind == GO_MUTEX || kind == GO_CONDITION;
    const bool again = lock && program_locks_has((void *)(at + MEMBER_BYTES));
    note_kind(kind);
    if ((!lock && kind != GO_READER) || (lock && conditions))
        receive(slot, at, kind);
    if ((lock || kind == GO_READER) && !again)
        program_locks_take((void *)at, lock);
}

static void give(uint32_t slot, uintptr_t at, enum go_kind kind)
{
    note_kind(kind);
    if (kind == GO_READER)
        program_locks_give((void *)(at + MEMBER_BYTES));
    else if (kind == GO_MUTEX || kind == GO_CONDITION)
        program_locks_give((void *)at);
    if (kind == GO_CONDITION ||
        (kind == GO_MUTEX ? conditions && baton_round(at, false) : kind != GO_READER))
        pass(slot, at, kind);
}

/* Go's function that names code cannot be called on a thread's own stack (Go 1.19 takes the thread
 * for the goroutine there): what the scheduler does for timers is order. */
static enum go_kind kind_of_call(const void *g, uintptr_t frame)
{
    return go_is_goroutine(g) ? go_caller_kind(go_stack_of(g), frame) : GO_OTHER;
}

#define SYNC(name, action)                                                                         \
    GO_HOOK(name, uintptr_t at, uintptr_t none, uintptr_t more)                                    \
    {                                                                                              \
        (void)none, (void)more;                                                                    \
        if (!inside_enter())                                                                       \
            return;                                                                                \
        const enum go_kind kind = kind_of_call(g, CALLER_FRAME);                                   \
        go_run(g);                                                                                 \
        action;                                                                                    \
        inside_leave();                                                                            \
    }
SYNC(acquire, get((uint32_t)context, at, kind))
SYNC(release, give((uint32_t)context, at, kind))
SYNC(release_merge, give((uint32_t)context, at, kind))
SYNC(release_acquire, (give((uint32_t)context, at, kind), get((uint32_t)context, at, kind)))
#undef SYNC
