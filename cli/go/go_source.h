/* SPDX-License-Identifier: MIT
 * The files of Go's runtime package that are changed, as text. */
#ifndef CLI_GO_GO_SOURCE_H
#define CLI_GO_GO_SOURCE_H

#include "base/err.h"

#include <stdio.h>

/* Changed versions of runtime/race.go and runtime/race_amd64.s of the sources at `path`, which the
 * caller frees. NULL with err: it cannot be read, or is not as it is known. */
char *go_source_calls(const char *path, struct err *err);    /* race.go */
char *go_source_assembly(const char *path, struct err *err); /* race_amd64.s */

/* Does the runtime have all functions that the changed race.go imports? `list`: a file with their
 * names. 0 or -errno with err. */
int go_source_check(const char *calls, const char *list, struct err *err);

/* A file as text, which the caller frees; NULL with errno. */
char *go_source_read(const char *path);

#endif
