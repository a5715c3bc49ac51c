/* SPDX-License-Identifier: MIT
 * The system calls that a thread makes for its entry in the recording. */
#include "runtime/thread_ask.h"

#include "runtime/base/confine.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/real_libc.h"

#include <sys/prctl.h>
#include <sys/resource.h>

extern void *__libc_stack_end; /* set by the dynamic linker (glibc, rtld.c) */

static void ask_for_stack(struct record_thread *entry)
{
    pthread_attr_t attributes;
    void *low;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
        entry->stack_low = (uintptr_t)low;
        entry->stack_high = (uintptr_t)low + size;
    }
    pthread_attr_destroy(&attributes);
}

/* pthread_getattr_np also asks for the thread's cpus, by a system call. Without it: glibc puts what
 * a thread has for itself at the stack's end. */
void thread_ask_stack(struct record_thread *entry, size_t bytes)
{
    const uintptr_t end = (entry->thread_pointer | 0xfff) + 1;
    entry->stack_high = end;
    entry->stack_low = end - bytes;
    if (confine_begin_calls())
        ask_for_stack(entry);
    confine_end_calls();
}

/* Time on a cpu; all of its time where that cannot be asked for. */
void thread_ask_time(struct record_thread *entry)
{
    entry->end_ns = plain_now_ns();
    if (confine_begin_calls()) {
        entry->cpu_ns += plain_cpu_ns();
        NEXT(syscall)(SYS_prctl, PR_GET_NAME, entry->name);
    } else {
        entry->cpu_ns += entry->end_ns - entry->begin_ns;
    }
    confine_end_calls();
}

void thread_ask_name(struct record_thread *entry)
{
    if (confine_begin_calls()) {
        entry->tid = (uint32_t)NEXT(syscall)(SYS_gettid);
        NEXT(syscall)(SYS_prctl, PR_GET_NAME, entry->name);
    }
    confine_end_calls();
}

/* Without pthread_getattr_np, which reads /proc. */
void thread_ask_main_stack(struct record_thread *entry)
{
    struct rlimit limit;
    uint64_t size = 8u << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < 1u << 30)
        size = limit.rlim_cur;
    entry->stack_high = ((uintptr_t)__libc_stack_end | 0xfff) + 1;
    entry->stack_low = entry->stack_high - size;
}
