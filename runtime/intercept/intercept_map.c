/* SPDX-License-Identifier: MIT
 * Mappings: mmap and its family, shared memory, and what the program asks of the break itself.
 * libc's own mappings, of thread stacks and large blocks, are not seen here. */
#include "runtime/base/real_libc.h"
#include "runtime/base/recording.h"
#include "runtime/inside.h"
#include "runtime/intercept/memory.h"
#include "runtime/intercept/shared_memory.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/shm.h>

/* The kernel maps and unmaps whole pages. */
static size_t page_bytes(size_t bytes)
{
    const size_t page = (size_t)getpagesize();
    return (bytes + page - 1) & -page;
}

/* Calls fail for other addresses. */
static bool is_page(uintptr_t at)
{
    return at == page_bytes(at);
}

/* What the memory was before ends here, where that was not seen. */
static void begin_mapping(void *at, size_t bytes, uintptr_t pc, uintptr_t frame)
{
    if (at == MAP_FAILED || !inside_enter())
        return;
    const int before = errno;
    objects_cut((uintptr_t)at, page_bytes(bytes));
    memory_begin(RECORD_MMAP, (uintptr_t)at, bytes, pc, frame);
    errno = before;
    inside_leave();
}

/* Called before the memory is given back, after which it may be another thread's. */
static void end_mapping(uintptr_t at, size_t bytes)
{
    if (!inside_enter())
        return;
    const int before = errno;
    objects_cut(at, bytes);
    memory_forget(at, bytes);
    shared_memory_end(at, bytes);
    errno = before;
    inside_leave();
}

/* By the system call, as glibc does. */
#define MAP(name)                                                                                  \
    INTERPOSE(                                                                                     \
        void *, name, void *at, size_t bytes, int protection, int flags, int file, off_t offset)   \
    {                                                                                              \
        void *got = real_mmap(at, bytes, protection, flags, file, offset);                         \
        begin_mapping(got, bytes, CALLER, CALLER_FRAME);                                           \
        if (flags & MAP_SHARED && got != MAP_FAILED)                                               \
            shared_memory_map(                                                                     \
                got, page_bytes(bytes), protection, flags &MAP_ANONYMOUS ? -1 : file, offset);     \
        return got;                                                                                \
    }
MAP(mmap)
MAP(mmap64)
#undef MAP

REPLACE(int, munmap, void *at, size_t bytes)
{
    if (is_page((uintptr_t)at))
        end_mapping((uintptr_t)at, page_bytes(bytes));
    return NEXT(munmap)(at, bytes);
}

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

/* A call of mremap: `old` and `new` are in whole pages, `bytes` what it asked for. */
struct move {
    uintptr_t at, now;
    size_t old, new, bytes;
    int flags;
    struct object o;
    bool known;
};

/* Before the call: what lies there is in no mapping until it is known where it goes. An old size of
 * 0 means a second mapping of the same memory. */
static void lift_mapping(struct move *m)
{
    struct object *o = &m->o;
    m->known = m->old && objects_find(RECORD_MMAP, m->at, o);
    if (m->known) {
        const size_t left = o->start + o->size - m->at;
        o->start = m->at;
        o->size = left < m->old ? left : m->old;
    }
    objects_cut(m->at, m->old);
}

/* Where the mapping has grown or shrunk without moving, what threads did in the rest stays. */
static void forget_moved(const struct move *m)
{
    if (m->now != m->at) {
        memory_forget(m->at, m->old);
        memory_forget(m->now, m->new);
    } else if (m->new < m->old) {
        memory_forget(m->at + m->new, m->old - m->new);
    } else {
        memory_forget(m->at + m->old, m->new - m->old);
    }
}

/* The object moves along, and is still that of the call which made it. */
static void settle_mapping(struct move *m, uintptr_t pc, uintptr_t frame)
{
    const bool failed = (void *)m->now == MAP_FAILED;
    if (!failed) {
        objects_cut(m->now, m->new);
        forget_moved(m);
        m->o.start = m->now;
        m->o.size = m->bytes;
    }
    if (m->known)
        memory_move(&m->o);
    else if (!failed)
        memory_begin(RECORD_MMAP, m->now, m->bytes, pc, frame);
    if (!failed && m->old && m->flags & MREMAP_DONTUNMAP) /* it stays, empty */
        memory_begin(RECORD_MMAP, m->at, m->old, pc, frame);
}

static void *move_mapping(struct move *m, void *to, uintptr_t pc, uintptr_t frame)
{
    const bool entered = is_page(m->at) && inside_enter();
    if (entered)
        lift_mapping(m);
    m->now = (uintptr_t)NEXT(syscall)(SYS_mremap, m->at, m->old, m->bytes, m->flags, to);
    const int before = errno;
    if (entered) {
        settle_mapping(m, pc, frame);
        inside_leave();
    }
    errno = before;
    return (void *)m->now;
}

INTERPOSE(void *, mremap, void *at, size_t old, size_t bytes, int flags, ...)
{
    struct move m = {.at = (uintptr_t)at,
        .old = page_bytes(old),
        .new = page_bytes(bytes),
        .bytes = bytes,
        .flags = flags};
    va_list rest;
    va_start(rest, flags);
    void *to = flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) ? va_arg(rest, void *) : NULL;
    va_end(rest);
    return move_mapping(&m, to, CALLER, CALLER_FRAME);
}

REPLACE(void *, shmat, int id, const void *at, int flags)
{
    struct shmid_ds segment;
    void *got = NEXT(shmat)(id, at, flags);
    const int before = errno;
    if (got != MAP_FAILED && shmctl(id, IPC_STAT, &segment) == 0) {
        begin_mapping(got, segment.shm_segsz, CALLER, CALLER_FRAME);
        shared_memory_attach(got, page_bytes(segment.shm_segsz), id);
    }
    errno = before;
    return got;
}

/* Of the mapping that begins here; 0 where it is not known. */
static size_t mapped_bytes(uintptr_t at)
{
    struct object o = {.size = 0};
    if (inside_enter()) {
        objects_find(RECORD_MMAP, at, &o);
        inside_leave();
    }
    return page_bytes(o.size);
}

REPLACE(int, shmdt, const void *at)
{
    end_mapping((uintptr_t)at, mapped_bytes((uintptr_t)at));
    return NEXT(shmdt)(at);
}

REPLACE(void *, sbrk, intptr_t change)
{
    if (change < 0)
        end_mapping((uintptr_t)NEXT(sbrk)(0) + (uintptr_t)change, -(uintptr_t)change);
    void *at = NEXT(sbrk)(change);
    if (change > 0)
        begin_mapping(at, (size_t)change, CALLER, CALLER_FRAME);
    return at;
}

REPLACE(int, brk, void *end)
{
    const uintptr_t before = (uintptr_t)NEXT(sbrk)(0), now = (uintptr_t)end;
    if (now < before)
        end_mapping(now, before - now);
    const int failed = NEXT(brk)(end);
    if (!failed && now > before)
        begin_mapping((void *)before, now - before, CALLER, CALLER_FRAME);
    return failed;
}

/* Not the runtime's memory, of which there are terabytes: only pages that are touched. Where even
 * that is refused, for the size of the process, nothing of what there is is locked. */
REPLACE(int, mlockall, int flags)
{
    const int before = errno;
    int failed = NEXT(mlockall)(flags | MCL_ONFAULT);
    if (failed && errno == ENOMEM && flags & MCL_CURRENT) {
        const int later = flags & ~MCL_CURRENT;
        failed = later & MCL_FUTURE ? NEXT(mlockall)(later | MCL_ONFAULT) : 0;
        errno = before;
    }
    return failed;
}
