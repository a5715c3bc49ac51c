/* SPDX-License-Identifier: MIT
 * A Go program that a test builds from a file of tests/ and does not run. */
#ifndef TESTS_GO_PROGRAM_H
#define TESTS_GO_PROGRAM_H

#include "analysis/go/go_binary.h"
#include "tests/library.h"

static struct {
    char path[256];
    struct go_binary *binary; /* NULL: no Go or no libelf here */
} go;

static inline int go_program_build(const char *source)
{
    char command[700];
    struct err err;
    if (make_folder() != 0)
        return -1;
    snprintf(go.path, sizeof go.path, "%s/program", folder);
    snprintf(command, sizeof command,
        "command -v go >/dev/null && GO111MODULE=off GOFLAGS= GOWORK=off "
        "GOCACHE=${GOCACHE:-%s/cache} go build -o %s %s",
        folder, go.path, source);
    if (system(command) == 0)
        (void)go_binary_open(go.path, &go.binary, &err);
    return 0;
}

static inline int tear_down_group(void **state)
{
    (void)state;
    go_binary_close(go.binary);
    return remove_folder();
}

#endif
