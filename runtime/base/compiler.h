/* SPDX-License-Identifier: MIT
 * How the runtime's functions are linked into a program, and what a function knows of its caller.
 */
#ifndef RUNTIME_BASE_COMPILER_H
#define RUNTIME_BASE_COMPILER_H

#include <stdint.h>

#define HIDDEN __attribute__((visibility("hidden")))
#define PUBLIC __attribute__((visibility("default")))
/* Begins a function that only the compiler's code calls, so that no header declares it. */
#define EXPORT(type, name, ...)                                                                    \
    type name(__VA_ARGS__);                                                                        \
    PUBLIC type name(__VA_ARGS__)
/* A hook must not call __tls_get_addr, which may allocate. */
#define INITIAL_EXEC __attribute__((tls_model("initial-exec")))

#define LIKELY(x) __builtin_expect(!!(x), 1)

/* The return address of the calling function. */
#define CALLER ((uintptr_t)__builtin_return_address(0))
/* The frame pointer of its caller: our own points to where it was saved. */
#define CALLER_FRAME (*(const uintptr_t *)__builtin_frame_address(0))

#endif
