/* SPDX-License-Identifier: MIT
 * The calls that a Go thread is in, by the part of its stack that was copied, and the arguments of
 * those calls, which Go passes in registers. Of x86-64 (Go's source,
 * src/cmd/compile/abi-internal.md). */
#ifndef ANALYSIS_GO_GO_STACK_H
#define ANALYSIS_GO_GO_STACK_H

#include "analysis/go/go_binary.h"

#include <stdbool.h>

/* A thread at one moment. Addresses are the process's. */
struct go_moment {
    uint64_t ip;
    const uint64_t *reg;  /* as the processor numbers them; [4] is the stack pointer */
    const uint8_t *stack; /* a copy, from the stack pointer on */
    size_t stack_bytes;
    uint64_t bias; /* of the binary */
};

struct go_frame {
    struct go_function function; /* addresses as in the file */
    uint64_t pc;   /* as in the file: the next instruction; of a call, what it returns to */
    uint64_t base; /* where on the stack its return address lies */
};

enum { GO_FRAMES = 24 };

/* The innermost first; as many as the copy has. 0: it is not in Go's code. */
size_t go_stack_frames(const struct go_binary *binary, const struct go_moment *moment,
    struct go_frame *frame, size_t most);

/* What functions' code does with their arguments, kept for the next time. */
struct go_arguments;                                                   /* opaque */
struct go_arguments *go_arguments_new(const struct go_binary *binary); /* NULL: out of memory */
void go_arguments_free(struct go_arguments *arguments);                /* NULL is safe */

struct go_memory { /* of the process */
    bool (*read)(void *of, uint64_t address, uint64_t *out);
    void *of;
};
struct go_argument {
    uint64_t value;
    uint64_t global; /* where it was read from; 0: not from a variable at a fixed address */
};
/* What register `reg` had when the call frame[index] began. False: it can't be known any more. */
bool go_argument_find(struct go_arguments *arguments, const struct go_moment *moment,
    const struct go_frame *frame, size_t frames, size_t index, int reg,
    const struct go_memory *memory, struct go_argument *out);

#endif
