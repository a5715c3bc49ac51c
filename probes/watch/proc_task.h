/* SPDX-License-Identifier: MIT
 * What /proc has of a process and its threads. */
#ifndef PROBES_WATCH_PROC_TASK_H
#define PROBES_WATCH_PROC_TASK_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a small file, ended by a zero. Returns its size, 0 where it cannot be read. */
size_t proc_read(const char *path, char *out, size_t size);
void proc_name(int tid, char *out, size_t size); /* "" where there is no such thread */
/* 0, or -errno with err: -ESRCH, there is no such process; -EINVAL, it is a thread of the kernel,
 * or of 32 bits; -EACCES, another user's. */
int proc_check(int pid, struct err *err);
uint64_t proc_ran_ns(int pid, int tid); /* on cpus, in its life; 0 where it is gone */
/* One that has ended has none, while it waits for its parent to ask how. */
bool proc_has_memory(int pid);

#endif
