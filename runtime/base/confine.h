/* SPDX-License-Identifier: MIT
 * Programs that confine themselves to some system calls (seccomp). The runtime then makes only
 * those that a program with threads needs in any case: futex, and mmap. What it would learn by
 * others is not known from then on. */
#ifndef RUNTIME_BASE_CONFINE_H
#define RUNTIME_BASE_CONFINE_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

/* Returns whether the calling thread may make other system calls until it calls confine_end_calls,
 * as it must in either case. A thread that is being created has begun by its creator. */
HIDDEN bool confine_begin_calls(void);
HIDDEN void confine_end_calls(void);

/* Has the program confined itself? */
HIDDEN bool confine_is_on(void);

/* The program is about to: waits until no thread is between begin and end. */
HIDDEN void confine_enter(void);

/* In a forked child, which has one thread. */
HIDDEN void confine_fork(void);

#endif
