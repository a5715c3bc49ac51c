/* SPDX-License-Identifier: MIT
 * Walks the call stack where a thread is created by the C++ library's unwinder, where there is one:
 * std::thread calls pthread_create from libstdc++, which keeps no frame pointers. For allocations
 * that is too slow, and stack.c walks their stacks, as it does here where there is no unwinder. */
#include "runtime/unwind.h"

#include "base/arch/arch.h"
#include "runtime/stack.h"

#include <unwind.h>

/* Of libgcc_s or libgcc_eh, which C programs do not have. */
#pragma weak _Unwind_Backtrace
#pragma weak _Unwind_GetIP
#pragma weak _Unwind_GetCFA
#pragma weak _Unwind_GetGR

struct walk {
    struct record_thread *thread;
    uintptr_t from; /* the return address to begin at; 0: the walk has begun */
    struct frame {
        uintptr_t pc, stack, frame;
    } last; /* pc 0: none */
};

/* A function's locals are found by its frame pointer. One that keeps none is left out: what looks
 * like its frame pointer is a caller's, or anything. */
static bool keeps_frame(const struct frame *f, uintptr_t end)
{
    return f->pc && f->frame >= f->stack && f->frame < end;
}

static void add_frame(struct record_thread *t, const struct frame *f)
{
    if (t->frames == 0)
        t->called_at = f->stack;
    t->created_at[t->frames] = f->pc;
    t->frame_at[t->frames] = f->frame;
    t->frames++;
}

static _Unwind_Reason_Code step_frame(struct _Unwind_Context *context, void *data)
{
    struct walk *w = data;
    /* What libgcc calls a frame's CFA here is its callee's: where its own stack ends. */
    const struct frame f = {
        _Unwind_GetIP(context), _Unwind_GetCFA(context), _Unwind_GetGR(context, ARCH_DWARF_FRAME)};
    if (w->from && f.pc != w->from)
        return _URC_NO_REASON;
    w->from = 0;
    if (keeps_frame(&w->last, f.stack))
        add_frame(w->thread, &w->last);
    w->last = f;
    return w->thread->frames < RECORD_FRAMES ? _URC_NO_REASON : _URC_END_OF_STACK;
}

void unwind_creator(struct record_thread *thread, uintptr_t pc, uintptr_t own_frame)
{
    struct walk w = {.thread = thread, .from = pc};
    thread->frames = 0;
    if (_Unwind_Backtrace)
        _Unwind_Backtrace(step_frame, &w);
    if (thread->frames)
        return;
    thread->called_at = own_frame + 2 * sizeof own_frame;
    thread->frames = stack_walk(pc, *(uintptr_t *)own_frame, thread->created_at, thread->frame_at);
}
