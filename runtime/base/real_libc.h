/* SPDX-License-Identifier: MIT
 * Functions of libc that the runtime interposes. In a dynamically linked program the runtime's
 * functions have the same names, and the real one is the next in the order of search; in a static
 * one (built with ACCESS_WRAP) the linker's --wrap gives both names.
 *
 * OURS(name) is the runtime's function, which INTERPOSE(type, name, parameters...) begins; REAL,
 * with the same arguments, declares the real one, NEXT(name) is it, and REPLACE is both. */
#ifndef RUNTIME_BASE_REAL_LIBC_H
#define RUNTIME_BASE_REAL_LIBC_H

#include "runtime/base/compiler.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
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
#define INTERPOSE(type, name, ...)                                                                 \
    type OURS(name)(__VA_ARGS__);                                                                  \
    PUBLIC __attribute__((weak)) type OURS(name)(__VA_ARGS__)
#define REPLACE(type, name, ...)                                                                   \
    REAL(type, name, __VA_ARGS__)                                                                  \
    INTERPOSE(type, name, __VA_ARGS__)

/* The real function of that name; keeps errno. */
HIDDEN void *real_find(const char *name);
/* This thread is in real_find: dlsym first frees the text of an error that nothing asked for. */
HIDDEN bool real_is_searching(void);
/* Creates a detached thread that is not seen; 0, or the error of pthread_create. */
HIDDEN int real_thread(pthread_t *id, void *(*run)(void *));

/* Also of the runtime's own calls. */
REAL(long, syscall, long, ...)

/* The system call, since mmap is interposed. */
static inline void *real_mmap(
    void *at, size_t bytes, int protection, int flags, int file, long offset)
{
    return (void *)NEXT(syscall)(SYS_mmap, at, bytes, protection, flags, file, offset);
}

#endif
