/* SPDX-License-Identifier: MIT
 * The overlay by which a Go toolchain, which stays as it is, builds programs that call numaprobe's
 * runtime instead of the race detector's (go help build, -overlay). */
#ifndef CLI_GO_GO_OVERLAY_H
#define CLI_GO_GO_OVERLAY_H

#include "cli/go/go_toolchain.h"

#include <limits.h>

struct go_overlay {
    char folder[PATH_MAX - 64]; /* that has the changed files, and the runtime as "runtime" */
    char file[PATH_MAX];        /* for -overlay */
};

/* Makes it from the toolchain's own files, or finds it made, in the user's cache. Another toolchain
 * or another runtime has another folder, so that Go links anew. `users`: the user's overlay, which
 * is added; NULL: none. 0 or -errno with err. */
int go_overlay_make(const struct go_toolchain *go, const char *runtime, const char *users,
    struct go_overlay *overlay, struct err *err);

#endif
