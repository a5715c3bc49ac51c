/* SPDX-License-Identifier: MIT
 * The user's rustc and cargo: what they print about themselves. */
#ifndef CLI_RUST_RUST_TOOLCHAIN_H
#define CLI_RUST_RUST_TOOLCHAIN_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct rust_toolchain {
    unsigned minor; /* of release 1.MINOR */
    char release[32];
    char host[64]; /* the triple it runs on, and builds for unless --target names another */
};

/* The program that a variable names, else the other one. */
const char *rust_toolchain_program(const char *variable, const char *otherwise);
/* Runs "words[0] ... -vV"; `words` ends in NULL and names rustc or cargo. What it prints goes to
 * `copy`, unless that is NULL. 0 or -errno with err: there is none, or it is not one. `command` is
 * for messages. */
int rust_toolchain_ask(const char *command, const char *const *words, FILE *copy,
    struct rust_toolchain *out, struct err *err);
/* Can it build instrumented programs, for this machine? `target` is its triple. 0 or -errno. */
int rust_toolchain_check(const char *command, const struct rust_toolchain *toolchain,
    const char *target, struct err *err);

#endif
