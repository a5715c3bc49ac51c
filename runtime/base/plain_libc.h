/* SPDX-License-Identifier: MIT
 * What the runtime needs of libc and must not call there: the program may have replaced libc's
 * function, or the runtime itself interposes it. */
#ifndef RUNTIME_BASE_PLAIN_LIBC_H
#define RUNTIME_BASE_PLAIN_LIBC_H

#include "runtime/base/compiler.h"

#include <stddef.h>

/* Returns zeroed memory that takes up room only where it is touched, and is left out of core dumps;
 * NULL if there is no address space. It is never unmapped. */
HIDDEN void *plain_map(size_t bytes);

/* As memcpy and memset to zero. */
HIDDEN void plain_copy(void *to, const void *from, size_t bytes);
HIDDEN void plain_zero(void *at, size_t bytes);

/* Copies as much of `from` (NULL: nothing) as fits into `room` bytes, always with an end; returns
 * the length. */
HIDDEN size_t plain_text(char *to, size_t room, const char *from);

/* Sleeps, at most for that long, and keeps errno. By the futex call, which no filter of a program
 * with threads forbids (confine.h). */
HIDDEN void plain_sleep(uint64_t ns);
/* Sleeps for 50 us. */
HIDDEN void plain_nap(void);

/* Monotonic time. */
HIDDEN uint64_t plain_now_ns(void);
/* Time that the calling thread has used. */
HIDDEN uint64_t plain_cpu_ns(void);

#endif
