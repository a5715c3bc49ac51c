/* SPDX-License-Identifier: MIT
 * Where a thread's thread-locals lie: the address that fs has on x86-64, which no sample contains.
 */
#ifndef PROBES_WATCH_THREAD_POINTER_H
#define PROBES_WATCH_THREAD_POINTER_H

#include "probes/watch/address_space.h"

/* By what glibc has there, at the end of the stack that it mapped for the thread; for the first
 * thread anywhere. `stack`: an address of its stack. 0: not found, as with another libc, in a
 * static program, or on another architecture. */
uint64_t thread_pointer_find(struct address_space *space, int tid, uint64_t stack);

#endif
