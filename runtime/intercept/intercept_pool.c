/* SPDX-License-Identifier: MIT
 * What a program reports of itself (numaprobe.h). */
#include "runtime/base/recording.h"
#include "runtime/inside.h"
#include "runtime/intercept/memory.h"
#include "runtime/numaprobe.h"
#include "runtime/thread.h"

#include <errno.h>

PUBLIC void numaprobe_alloc(const volatile void *pointer, size_t bytes)
{
    if (!pointer || !bytes || !inside_enter())
        return;
    const int before = errno;
    memory_begin(RECORD_POOLED, (uintptr_t)pointer, bytes, CALLER, CALLER_FRAME);
    errno = before;
    inside_leave();
}

PUBLIC void numaprobe_free(const volatile void *pointer)
{
    struct object o;
    if (!pointer || !inside_enter())
        return;
    const int before = errno;
    if (objects_take(RECORD_POOLED, (uintptr_t)pointer, &o))
        memory_forget(o.start, o.size);
    errno = before;
    inside_leave();
}

PUBLIC void numaprobe_phase(void)
{
    if (!inside_enter())
        return;
    thread_begin_phase();
    inside_leave();
}
