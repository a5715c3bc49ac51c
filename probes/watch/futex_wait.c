/* SPDX-License-Identifier: MIT
 * /proc/PID/task/TID/syscall: the call's number and its six arguments, the stack pointer and the
 * next instruction; "running" where it is in none (proc(5)). */
#include "probes/watch/futex_wait.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13 /* Linux 5.14 */
#endif

static bool waits(uint64_t operation)
{
    const uint64_t command = operation & FUTEX_CMD_MASK;
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI ||
           command == FUTEX_LOCK_PI2 || command == FUTEX_WAIT_REQUEUE_PI;
}

int futex_wait_read(int pid, int tid, struct futex_wait *out, struct err *err)
{
    char path[64], text[256];
    long number;
    uint64_t argument[6];
    snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", pid, tid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    const int why = errno;
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return why == ENOENT || why == ESRCH
                   ? 0
                   : err_set(err, -why,
                         "process %d may not be asked where it waits: %s (another user's, or "
                         "kernel.yama.ptrace_scope is 1 or more; root may)",
                         pid, strerror(why));
    text[got] = '\0';
    if (sscanf(text,
            "%ld %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
            " %" SCNx64,
            &number, &argument[0], &argument[1], &argument[2], &argument[3], &argument[4],
            &argument[5], &out->stack, &out->pc) != 9 ||
        number != SYS_futex || !waits(argument[1]))
        return 0;
    out->futex = argument[0];
    return 1;
}
