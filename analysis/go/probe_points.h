/* SPDX-License-Identifier: MIT
 * Where in a Go function a probe can be put so that it sees each call with its arguments, and each
 * return. By the program's table of functions and its code, of x86-64. */
#ifndef ANALYSIS_GO_PROBE_POINTS_H
#define ANALYSIS_GO_PROBE_POINTS_H

#include "analysis/go/go_binary.h"

#include <stdbool.h>

enum { GO_RETURNS = 64 };

/* Addresses are the file's. */
struct go_probe_points {
    /* The jump behind the check of the stack, which the kernel emulates: nothing was pushed yet and
     * no register of an argument was changed. Where a function has no such check, its first
     * instruction. */
    uint64_t call;
    bool is_jump;
    uint64_t back[GO_RETURNS]; /* its RETs */
    size_t returns;
    bool more; /* it has more of them than there is room for */
};

/* False: its code is not there. */
bool go_probe_points_find(const struct go_binary *binary, const struct go_function *function,
    struct go_probe_points *out);

#endif
