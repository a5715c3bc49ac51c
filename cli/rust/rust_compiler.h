/* SPDX-License-Identifier: MIT
 * rustc's command line with the flags that instrument the program, and rustdoc's, which builds the
 * examples in comments as tests. */
#ifndef CLI_RUST_RUST_COMPILER_H
#define CLI_RUST_RUST_COMPILER_H

#include <stdbool.h>

struct rust_program {
    const char *name;     /* as it is called: "rustc" */
    const char *called;   /* ... as a program of ours */
    const char *variable; /* names another one */
};
extern const struct rust_program rust_rustc, rust_rustdoc;

/* Runs it; argv[0] is ours, and argv[1] may name the program, as cargo does. Returns only when it
 * could not be started: the exit code. */
int rust_compiler_run(const struct rust_program *program, int argc, char **argv);
/* Called as numaprobe-rustc or numaprobe-rustdoc: which of them; else NULL. */
const struct rust_program *rust_program_by_name(const char *called);

#endif
