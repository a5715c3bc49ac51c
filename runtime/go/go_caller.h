/* SPDX-License-Identifier: MIT
 * Which function of a Go program called a hook, through the wrappers of Go's own packages. */
#ifndef RUNTIME_GO_GO_CALLER_H
#define RUNTIME_GO_GO_CALLER_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

enum go_kind {
    GO_OTHER,     /* a function of the program or of another package */
    GO_RUNTIME,   /* package runtime and what it shares with other packages */
    GO_CHANNEL,   /* its channels */
    GO_ATOMIC,    /* package sync/atomic: each of its functions is in the name of its caller */
    GO_MUTEX,     /* of package sync, as the following */
    GO_READER,    /* a reader's call of RWMutex */
    GO_CONDITION, /* Cond, or its call of a Mutex */
    GO_GROUP,     /* WaitGroup */
    GO_SYNC,      /* all else of that package */
};

/* Go's function that names code (runtime.racecallback), as __tsan_init receives it. */
typedef void (*go_namer)(uintptr_t command, void *context);
HIDDEN void go_caller_init(go_namer namer);

struct go_stack {
    uintptr_t low, high;
};
/* The stack of the goroutine whose `g` this is: the first two words of Go's struct g. */
HIDDEN struct go_stack go_stack_of(const void *g);
/* Does the frame lie on it? */
HIDDEN bool go_stack_has(struct go_stack stack, uintptr_t frame);

/* The nearest caller that is not of kind GO_RUNTIME, from the Go frame at `frame` on, which lies on
 * that stack. GO_OTHER without one. */
HIDDEN enum go_kind go_caller_kind(struct go_stack stack, uintptr_t frame);

/* The return address `pc`, or where that is within package sync or sync/atomic, the first one
 * outside, from the Go frame at `frame` on. */
HIDDEN uintptr_t go_caller_outside(struct go_stack stack, uintptr_t pc, uintptr_t frame);

#endif
