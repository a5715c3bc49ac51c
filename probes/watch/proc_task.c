/* SPDX-License-Identifier: MIT
 * Small files of /proc; schedstat: Linux, Documentation/scheduler/sched-stats.rst. */
#include "probes/watch/proc_task.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

size_t proc_read(const char *path, char *out, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? 0 : read(fd, out, size - 1);
    if (fd >= 0)
        close(fd);
    out[got > 0 ? got : 0] = '\0';
    return got > 0 ? (size_t)got : 0;
}

void proc_name(int tid, char *out, size_t size)
{
    char path[48];
    snprintf(path, sizeof path, "/proc/%d/comm", tid);
    proc_read(path, out, size);
    out[strcspn(out, "\n")] = '\0';
}

int proc_check(int pid, struct err *err)
{
    char path[48], word;
    unsigned char magic[EI_NIDENT] = {0};
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    if (access(path, F_OK) != 0)
        return err_set(err, -ESRCH, "there is no process %d", pid);
    const int line = open(path, O_RDONLY | O_CLOEXEC);
    const bool words = line >= 0 && read(line, &word, 1) == 1;
    if (line >= 0)
        close(line);
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && !words)
        return err_set(err, -EINVAL, "%d is a thread of the kernel, or has ended", pid);
    if (fd < 0)
        return err_set(err, -errno, "cannot watch process %d: %s", pid,
            errno == EACCES ? "it is another user's; run numaprobe as that user or as root"
                            : strerror(errno));
    const bool is_read = read(fd, magic, sizeof magic) == (ssize_t)sizeof magic;
    close(fd);
    if (is_read && magic[EI_CLASS] == ELFCLASS32)
        return err_set(err, -EINVAL,
            "process %d runs a program of 32 bits, whose code numaprobe cannot read", pid);
    return 0;
}

uint64_t proc_ran_ns(int pid, int tid)
{
    char path[64], text[96];
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, tid);
    proc_read(path, text, sizeof text);
    return strtoull(text, NULL, 10);
}

bool proc_has_memory(int pid)
{
    char path[32], byte[2];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    return proc_read(path, byte, sizeof byte) > 0;
}
