/* SPDX-License-Identifier: MIT
 * The entry points that a Go program built with -race calls (runtime/race.go and race_amd64.s of
 * Go's sources), by the names that `numaprobe go` gives them: some of ThreadSanitizer's names mean
 * another thing in C. Atomics are go_atomics.c, order go_sync.c.
 *
 * They run on the thread's own stack, not the goroutine's. Each has the goroutine's context as its
 * first argument, and as its fifth Go's struct g, which `numaprobe go` adds. */
#include "runtime/go/go_hooks.h"

#include "base/arch/arch.h"
#include "runtime/base/recording.h"
#include "runtime/go/coroutine.h"
#include "runtime/go/go_caller.h"
#include "runtime/inside.h"
#include "runtime/intercept/memory.h"
#include "runtime/lifecycle.h"
#include "runtime/tier1.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where `numaprobe go` has raceinit state them: of members of struct g. */
static size_t context_at, entry_at, number_at;

/* For the inlined part of a hook: where state_me lies from the thread pointer on. */
PUBLIC uintptr_t numaprobe_go_me;

static uintptr_t word_of(const void *g, size_t offset)
{
    return *(const uintptr_t *)((const char *)g + offset);
}

/* A thread's own has begun with no function. */
bool go_is_goroutine(const void *g)
{
    return g && word_of(g, entry_at) != 0;
}

/* What the thread was last seen to run, so that others' lines are left alone while it goes on. */
static _Thread_local struct run {
    uintptr_t context, stack_low;
} last_run INITIAL_EXEC;

/* For a thread's own, the goroutine stays for which it acts. */
void go_run(const void *g)
{
    if (!go_is_goroutine(g))
        return;
    const uintptr_t context = word_of(g, context_at);
    const uint32_t slot = (uint32_t)context;
    const struct go_stack stack = go_stack_of(g);
    if (context == last_run.context && slot == state_me.slot && stack.low == last_run.stack_low)
        return;
    last_run = (struct run){context, stack.low};
    if (slot != state_me.slot && (slot || state_me.own_slot))
        coroutine_switch(slot);
    if (slot && slot == state_me.slot && recording_thread(slot)->stack_low != stack.low)
        coroutine_describe(slot, &(struct coroutine){word_of(g, entry_at), word_of(g, number_at),
                                     stack.low, stack.high});
}

static void see_run(const void *g)
{
    if (!inside_enter())
        return;
    go_run(g);
    inside_leave();
}

void go_access(uintptr_t at, unsigned size, unsigned kind, uintptr_t pc, const void *g)
{
    see_run(g);
    tier1_access(at, size, kind, pc);
}

/* The compiler states no sizes: of what an access uses, the first byte is known. Both sides name
 * it. */
#define ACCESS(name, kind)                                                                         \
    GO_HOOK(name, uintptr_t at, uintptr_t pc, uintptr_t none)                                      \
    {                                                                                              \
        (void)context, (void)none;                                                                 \
        if (state_gate.on && !tier1_knows(at, 1, kind))                                            \
            go_access(at, 1, kind, pc, g);                                                         \
    }                                                                                              \
    GO_HOOK(name##_pc, uintptr_t at, uintptr_t caller, uintptr_t function)                         \
    {                                                                                              \
        (void)context, (void)function;                                                             \
        if (state_gate.on && !tier1_knows(at, 1, kind))                                            \
            go_access(at, 1, kind, caller, g);                                                     \
    }                                                                                              \
    GO_HOOK(name##_range, uintptr_t at, size_t size, uintptr_t pc)                                 \
    {                                                                                              \
        (void)context;                                                                             \
        if (!state_gate.on)                                                                        \
            return;                                                                                \
        see_run(g);                                                                                \
        tier1_range(at, size, kind | RECORD_RANGE, pc);                                            \
    }
ACCESS(read, RECORD_READ)
ACCESS(write, RECORD_WRITE)
#undef ACCESS

/* `frame`: that of the function which called Go's racemalloc; its own is skipped. */
GO_HOOK(malloc, uintptr_t none, uintptr_t at, size_t size)
{
    (void)context, (void)none;
    const uintptr_t frame = CALLER_FRAME;
    if (!inside_enter())
        return;
    go_run(g);
    /* What Go's runtime takes for itself is goroutines' stacks. */
    if (go_is_goroutine(g) && go_stack_has(go_stack_of(g), frame))
        memory_begin(
            RECORD_HEAP, at, size, ((const uintptr_t *)frame)[1], *(const uintptr_t *)frame);
    else
        memory_forget(at, size);
    inside_leave();
}

/* The smallest objects are dealt out of blocks of 16 bytes, and several die with one (the tiny
 * allocator of Go's malloc.go). */
enum { TINY_BYTES = 16 };
GO_HOOK(free, size_t size, uintptr_t none, uintptr_t more)
{
    (void)none, (void)more, (void)g;
    if (!inside_enter())
        return;
    struct object o;
    if (size <= TINY_BYTES)
        objects_end(RECORD_HEAP, context, size);
    else
        objects_take(RECORD_HEAP, context, &o);
    memory_forget(context, size);
    inside_leave();
}

/* `go test` and `go run` remove a program when it has ended, and with it all names: it gets another
 * one next to the recording, where that can be. */
static void keep_program(void)
{
    char was[4096] = "", path[4096];
    const char *const folder = secure_getenv("NUMAPROBE_RECORD");
    const ssize_t length = readlink("/proc/self/exe", was, sizeof was - 1);
    was[length > 0 ? length : 0] = '\0';
    if (!folder || !strstr(was, "/go-build"))
        return;
    snprintf(path, sizeof path, "%s/%d.exe", folder, getpid());
    linkat(AT_FDCWD, "/proc/self/exe", AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

/* `thunk`: Go's function that names code. `offsets`: of three members of struct g, 16 bits each. */
EXPORT(void, numaprobe_go_init, uintptr_t *context, void **processor, go_namer thunk,
    uintptr_t offsets)
{
    number_at = offsets >> 32, entry_at = offsets >> 16 & 0xffff, context_at = offsets & 0xffff;
    numaprobe_go_me = (uintptr_t)&state_me - arch_thread_pointer();
    go_caller_init(thunk);
    objects_expect(4); /* the least size of Go's allocator but one (runtime/sizeclasses.go) */
    lifecycle_start();
    keep_program();
    *context = 0;
    *processor = &numaprobe_go_me; /* anything: Go passes it back */
}

/* Go expects it to end the program. */
GO_HOOK(fini, uintptr_t none, uintptr_t more, uintptr_t most)
{
    (void)context, (void)none, (void)more, (void)most, (void)g;
    exit(0);
}

/* Called on the thread's own stack, in the name of the goroutine that has the go statement. */
GO_HOOK(go_start, uintptr_t *created, uintptr_t pc, uintptr_t none)
{
    (void)none, (void)g;
    *created = 0;
    if (!inside_enter())
        return;
    if ((uint32_t)context && (uint32_t)context != state_me.slot)
        coroutine_switch((uint32_t)context);
    const uint32_t slot = coroutine_begin(pc);
    /* The life tells a goroutine from the next one that gets its slot. */
    *created = slot ? (uintptr_t)recording_thread(slot)->lives << 32 | slot : 0;
    inside_leave();
}

GO_HOOK(go_end, uintptr_t none, uintptr_t more, uintptr_t most)
{
    (void)none, (void)more, (void)most, (void)g;
    if (!inside_enter())
        return;
    coroutine_end((uint32_t)context);
    inside_leave();
}

GO_HOOK(proc_create, uintptr_t none, uintptr_t more, uintptr_t most)
{
    (void)none, (void)more, (void)most, (void)g;
    *(void **)context = &numaprobe_go_me;
}

GO_HOOK(report_count, uintptr_t none, uintptr_t more, uintptr_t most)
{
    (void)none, (void)more, (void)most, (void)g;
    *(uint64_t *)context = 0;
}

/* What ThreadSanitizer needs. */
#define NOTHING(name)                                                                              \
    GO_HOOK(name, uintptr_t none, uintptr_t more, uintptr_t most)                                  \
    {                                                                                              \
        (void)context, (void)none, (void)more, (void)most, (void)g;                                \
    }
NOTHING(map_shadow)
NOTHING(proc_destroy)
NOTHING(func_enter)
NOTHING(func_exit)
NOTHING(finalizer_goroutine)
NOTHING(go_ignore_sync_begin)
NOTHING(go_ignore_sync_end)
#undef NOTHING
