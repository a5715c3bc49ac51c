/* SPDX-License-Identifier: MIT
 * Memory, text and time without the functions of libc that a program may replace. */
#include "runtime/base/plain_libc.h"

#include "runtime/base/real_libc.h"

#include <errno.h>
#include <linux/futex.h>

void *plain_map(size_t bytes)
{
    void *at = real_mmap(
        NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    madvise(at, bytes, MADV_NOHUGEPAGE);
    madvise(at, bytes, MADV_DONTDUMP); /* or a core would take terabytes to write */
    return at;
}

/* Written so that the compiler does not make a call of memcpy or memset of it. */
void plain_copy(void *to, const void *from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    for (size_t i = 0; i < bytes; i++) {
        t[i] = f[i];
        __asm__ volatile("" ::: "memory");
    }
}

void plain_zero(void *at, size_t bytes)
{
    char *a = at;
    for (size_t i = 0; i < bytes; i++) {
        a[i] = 0;
        __asm__ volatile("" ::: "memory");
    }
}

size_t plain_text(char *to, size_t room, const char *from)
{
    size_t length = 0;
    for (; from && from[length] && length + 1 < room; length++)
        to[length] = from[length];
    to[length] = 0;
    return length;
}

/* Not by a function of libc where the program's thread may be cancelled. */
void plain_sleep(uint64_t ns)
{
    static uint32_t never_woken;
    const struct timespec t = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
    const int before = errno;
    NEXT(syscall)(SYS_futex, &never_woken, FUTEX_WAIT_PRIVATE, 0, &t, NULL, 0);
    errno = before;
}

void plain_nap(void)
{
    plain_sleep(50000);
}

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t plain_now_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

uint64_t plain_cpu_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}
