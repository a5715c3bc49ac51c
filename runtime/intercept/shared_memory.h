/* SPDX-License-Identifier: MIT
 * Memory that several processes have mapped. What each does there is recorded like what threads do,
 * and analysis/sharing/processes.c joins their recordings. Watched from the moment at which another
 * process may have it: at once where it has a name or a descriptor to pass on and is not a file on
 * a disk, else from fork on. */
#ifndef RUNTIME_INTERCEPT_SHARED_MEMORY_H
#define RUNTIME_INTERCEPT_SHARED_MEMORY_H

#include "runtime/base/compiler.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A mapping with MAP_SHARED has been made, of whole pages. `file`: -1 for an anonymous one. */
HIDDEN void shared_memory_map(void *at, size_t bytes, int protection, int file, off_t offset);
/* The same by shmat. */
HIDDEN void shared_memory_attach(void *at, size_t bytes, int id);
/* What lies there is not mapped any more. The caller is in the runtime. */
HIDDEN void shared_memory_end(uintptr_t at, size_t bytes);

#endif
