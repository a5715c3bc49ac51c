/* SPDX-License-Identifier: MIT
 * Reports to `numaprobe detect` what it cannot see of a program: blocks that a pool or an arena
 * deals out of memory that it got in one piece, and the end of set-up. Nothing has to be linked. In
 * a program that was not built by `numaprobe cc`, each of these is a test of a pointer that is
 * NULL; with NUMAPROBE_OFF defined before the header is included, it is nothing. Arguments are
 * evaluated once in all cases. See numaprobe.h(3). */
#ifndef RUNTIME_NUMAPROBE_H
#define RUNTIME_NUMAPROBE_H

#include <stddef.h>

#if defined(__GNUC__) && defined(__ELF__) && !defined(NUMAPROBE_OFF)
#define NUMAPROBE_ABSENT __attribute__((weak, visibility("default"), nothrow))
/* gcc would take the block for read, and warn that it is not initialized. */
#if __GNUC__ >= 11 && !defined(__clang__)
#define NUMAPROBE_UNREAD __attribute__((access(none, 1)))
#else
#define NUMAPROBE_UNREAD
#endif
#ifdef __cplusplus
extern "C" {
#endif
/* Of numaprobe's runtime; NULL in a program that does not have it. */
extern void numaprobe_alloc(
    const volatile void *pointer, size_t bytes) NUMAPROBE_ABSENT NUMAPROBE_UNREAD;
extern void numaprobe_free(const volatile void *pointer) NUMAPROBE_ABSENT NUMAPROBE_UNREAD;
extern void numaprobe_phase(void) NUMAPROBE_ABSENT;
#ifdef __cplusplus
}
#endif
#undef NUMAPROBE_ABSENT
#undef NUMAPROBE_UNREAD
#define NUMAPROBE_CALL(name, arguments)                                                            \
    if (name)                                                                                      \
    name arguments
#else
#define NUMAPROBE_CALL(name, arguments) (void)0
#endif

/* The pool deals out `bytes` bytes at `pointer`: a block's life begins, made by this call and its
 * callers. What was done there before is not of this block, and blocks that overlap it end. */
#define NUMAPROBE_ALLOC(pointer, bytes)                                                            \
    do {                                                                                           \
        const volatile void *const numaprobe_at = (pointer);                                       \
        const size_t numaprobe_bytes = (bytes);                                                    \
        (void)numaprobe_at, (void)numaprobe_bytes;                                                 \
        NUMAPROBE_CALL(numaprobe_alloc, (numaprobe_at, numaprobe_bytes));                          \
    } while (0)

/* The pool takes the block back that begins at `pointer`, before it may deal it out again. */
#define NUMAPROBE_FREE(pointer)                                                                    \
    do {                                                                                           \
        const volatile void *const numaprobe_at = (pointer);                                       \
        (void)numaprobe_at;                                                                        \
        NUMAPROBE_CALL(numaprobe_free, (numaprobe_at));                                            \
    } while (0)

/* What all threads did until now is not concurrent with what any of them does from now on. */
#define NUMAPROBE_PHASE()                                                                          \
    do {                                                                                           \
        NUMAPROBE_CALL(numaprobe_phase, ());                                                       \
    } while (0)

#endif
