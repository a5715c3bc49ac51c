/* SPDX-License-Identifier: MIT
 * The Go program of data/go/maps, which this program carries as its source: built by the user's Go
 * in a temporary folder. What it is asked is in map_go.c. */
#ifndef PROBES_MAPS_GO_PROGRAM_H
#define PROBES_MAPS_GO_PROGRAM_H

#include "base/err.h"

#include <limits.h>
#include <stddef.h>

/* A file of data/go/maps; sorted by name. */
struct go_file {
    const char *name; /* "main.go" */
    const char *text;
};
extern const struct go_file go_file_table[];
extern const size_t go_file_count;

enum { GO_VERSION = 64 };
/* The user's Go. */
struct go_toolchain {
    char program[PATH_MAX];
    char version[GO_VERSION]; /* "go1.19.8 linux/amd64" */
};
/* Asks `program`, a path or a name on the PATH, for its version. 0; -ENODEV: there is no Go; -EIO;
 * with err. */
int go_find(const char *program, struct go_toolchain *go, struct err *err);

struct go_program {
    char folder[PATH_MAX], program[PATH_MAX], messages[PATH_MAX], shared[PATH_MAX];
};
/* 0; -ENOEXEC: it does not build, with its first error; -EIO, -errno; with err. go_remove follows
 * in each case. */
int go_build(const struct go_toolchain *go, struct go_program *program, struct err *err);
void go_remove(const struct go_program *program); /* safe when zeroed */
/* The first line of the messages that is not a heading, into `text`; "no message". */
void go_first_message(const struct go_program *program, char *text, size_t size);

#endif
