/* SPDX-License-Identifier: MIT
 * The user's Go: what `go env` prints of it. */
#ifndef CLI_GO_GO_TOOLCHAIN_H
#define CLI_GO_GO_TOOLCHAIN_H

#include "base/err.h"

#include <jansson.h>

struct go_toolchain {
    const char *program; /* that runs it: $NUMAPROBE_GO, or "go" */
    json_t *env;         /* NULL before go_toolchain_ask */
};

const char *go_toolchain_program(void);
/* Asks it in `folder` ("": this one), since another module may have another toolchain. 0 or -errno
 * with err: there is none. */
int go_toolchain_ask(struct go_toolchain *go, const char *folder, struct err *err);
void go_toolchain_free(struct go_toolchain *go);

/* A variable of `go env`; "" when it is not set. */
const char *go_toolchain_get(const struct go_toolchain *go, const char *name);

/* Can it build instrumented programs, for this machine? 0 or -errno with err. */
int go_toolchain_check(const struct go_toolchain *go, struct err *err);

#endif
