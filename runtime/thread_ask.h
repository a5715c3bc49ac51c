/* SPDX-License-Identifier: MIT
 * What the kernel and libc know of a thread, for its entry in the recording. Where the program has
 * forbidden itself the system calls (confine.h), it stays as it is, or is estimated. All are called
 * by the thread itself. */
#ifndef RUNTIME_THREAD_ASK_H
#define RUNTIME_THREAD_ASK_H

#include "base/record.h"
#include "runtime/base/compiler.h"

#include <stddef.h>

/* Its number and name. */
HIDDEN void thread_ask_name(struct record_thread *entry);

/* Where its stack lies, which has that size. */
HIDDEN void thread_ask_stack(struct record_thread *entry, size_t bytes);
HIDDEN void thread_ask_main_stack(struct record_thread *entry);

/* It ends: adds its time on a cpu, and takes its last name. */
HIDDEN void thread_ask_time(struct record_thread *entry);

#endif
