/* SPDX-License-Identifier: MIT
 * What the hooks of Go programs share. */
#ifndef RUNTIME_GO_GO_HOOKS_H
#define RUNTIME_GO_GO_HOOKS_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

/* Begins a hook. `context`: the slot of the goroutine for which it is called, which need not be the
 * one that runs; some have another first argument. `g`: Go's struct g of whatever runs. */
#define GO_HOOK(name, first, second, third)                                                        \
    EXPORT(void, numaprobe_go_##name, uintptr_t context, first, second, third, const void *g)

/* Is it a goroutine's? Else it is a thread's own, on which Go's scheduler runs. */
HIDDEN bool go_is_goroutine(const void *g);

/* The calling thread runs this g now. The caller is inside the runtime. */
HIDDEN void go_run(const void *g);

/* An access that tier1_knows does not. */
HIDDEN void go_access(uintptr_t at, unsigned size, unsigned kind, uintptr_t pc, const void *g);

#endif
