/* SPDX-License-Identifier: MIT
 * The runtime's start with the program, its end, and what forked children do. */
#ifndef RUNTIME_LIFECYCLE_H
#define RUNTIME_LIFECYCLE_H

#include "runtime/base/compiler.h"

/* Starts the runtime, once. Whatever fails, the program goes on, without being seen. */
HIDDEN void lifecycle_start(void);

/* The program ends now (`how`: of enum record_end): completes the recording. */
HIDDEN void lifecycle_end(unsigned how);

/* It did not end after all, since exec has failed. */
HIDDEN void lifecycle_resume(void);

#endif
