/* SPDX-License-Identifier: MIT
 * A C file of the user's own: compiled by the system's compiler, and run in a child process only,
 * so that its crash costs nothing but itself. */
#ifndef MACHINE_USER_CODE_H
#define MACHINE_USER_CODE_H

#include "base/err.h"

#include <limits.h>
#include <stddef.h>

/* What is compiled, and with which header, whose text this program carries. */
struct user_source {
    const char *option; /* begins each message: "--layout" */
    const char *path;
    const char *folder, *name, *header; /* #include "folder/name" gets this text */
    const char *define[2];              /* "-DLAYOUT_USER"; NULL: no more */
};

/* In a temporary folder. */
struct user_code {
    char folder[PATH_MAX], include[PATH_MAX], header[PATH_MAX], object[PATH_MAX],
        messages[PATH_MAX];
};

/* Compiles to a shared object. 0; -ENOEXEC: cannot be read or does not compile; -ENODEV: there is
 * no compiler ($CC, else cc); -EIO; with err. user_code_remove follows in each case. */
int user_code_build(const struct user_source *source, struct user_code *code, struct err *err);
void user_code_remove(const struct user_code *code); /* safe when zeroed */

/* In the child: a symbol of the object. NULL, with dlerror's text or "" in `why`. */
void *user_code_load(const struct user_code *code, const char *symbol, char *why, size_t size);
/* Runs function(context) in a child process that a crash or `seconds` end; the context should be
 * memory that both share. Returns its wait status; -1: it could not be started, with errno. */
int user_code_run(void (*function)(void *context), void *context, unsigned seconds);
/* In a child: what kills it is seen as that, whoever installed handlers in the parent (sanitizers
 * do). */
void user_code_unguard(void);

#endif
