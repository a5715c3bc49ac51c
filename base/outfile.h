/* SPDX-License-Identifier: MIT
 * Files that appear whole or not at all: written without a name where the file system can do that,
 * else next to the final name, synced, then renamed. */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

struct outfile {
    FILE *stream;       /* write here; NULL when not open */
    char *path;         /* final name */
    const char *option; /* what it was given with, for messages */
    char *beside;   /* temporary name; NULL when `path` is written directly (a pipe or a device) */
    bool unnamed;   /* the temporary file gets its name when it is complete */
    bool is_stdout; /* so that nothing else may be printed there */
};

/* Opens at once, so that an unwritable path is known before any measuring. `option` is for
 * messages and is not copied. A path that exists and is not a regular file (/dev/stdout, a pipe)
 * is written directly, and "-" is standard output. 0 or -errno with err. */
int outfile_open(const char *option, const char *path, struct outfile *out, struct err *err);
/* Flushes, syncs, renames. On failure (a full disk) the temporary file is removed and an earlier
 * file of that name stays as it was. Closes in either case. */
int outfile_commit(struct outfile *out, struct err *err);
void outfile_discard(struct outfile *out); /* safe when not open or already committed */

/* Flushes any stream. 0, or -errno of a write that failed, now or before. */
int outfile_flush(FILE *stream);

#endif
