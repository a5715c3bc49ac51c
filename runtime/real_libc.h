/* SPDX-License-Identifier: MIT
 * Calls of libc that the runtime stands before. In a dynamically linked program its functions have
 * the very names, and the real one is the next in the order of search; in a static one (built with
 * ACCESS_WRAP) the linker's --wrap gives the names. */
#ifndef RUNTIME_REAL_LIBC_H
#define RUNTIME_REAL_LIBC_H

#include "runtime/access.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef ACCESS_WRAP
#define OURS(name) __wrap_##name
#define REAL(type, name, ...) extern type __real_##name(__VA_ARGS__);
#define NEXT(name) __real_##name
#else
#define OURS(name) name
#define REAL(type, name, ...)                                                                      \
    static type (*real_##name)(__VA_ARGS__);                                                       \
    static inline __typeof__(real_##name) next_##name(void)                                        \
    {                                                                                              \
        if (!real_##name)                                                                          \
            *(void **)(void *)&real_##name = real_find(#name);                                     \
        return real_##name;                                                                        \
    }
#define NEXT(name) next_##name()
#endif
/* Weak: a program's own function of the name goes before. */
#define INTERPOSE PUBLIC __attribute__((weak))

HIDDEN void *real_find(const char *name);
/* A thread that nobody watches. */
HIDDEN int real_thread(pthread_t *id, void *(*run)(void *));

/* What the frame pointer points to is our own frame: the caller's is behind it. */
#define CALLER_FRAME (*(const uintptr_t *)__builtin_frame_address(0))

static inline void *real_mmap(
    void *at, size_t bytes, int protection, int flags, int file, long offset)
{
    return (void *)syscall(SYS_mmap, at, bytes, protection, flags, file, offset);
}

#endif
