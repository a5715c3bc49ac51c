/* SPDX-License-Identifier: MIT
 * The helper: a thread that begins with the program's second and ends with its last. It begins and
 * ends the bursts, and gathers what the program's threads have counted. */
#ifndef RUNTIME_HELPER_THREAD_H
#define RUNTIME_HELPER_THREAD_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

/* The program is about to have another thread: makes room in the recording and starts the helper,
 * unless that was done. Returns false when nothing can be seen. */
HIDDEN bool helper_start(void);

/* Writes to the recording what threads and biased lines have counted, and looks at neighbours. */
HIDDEN void helper_harvest(void);

/* In a forked child, which has no helper. */
HIDDEN void helper_fork(void);

#endif
