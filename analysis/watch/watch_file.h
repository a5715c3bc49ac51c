/* SPDX-License-Identifier: MIT
 * What `numaprobe watch --maps --json` and `--locks --json` write: docs/watch-go.md lists the keys.
 */
#ifndef ANALYSIS_WATCH_WATCH_FILE_H
#define ANALYSIS_WATCH_WATCH_FILE_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* The files that were read, in order. All that is printed of each is there and of its type, or null
 * where docs/watch-go.md allows it; the texts are not trusted. */
struct watch_files {
    json_t **root;
    size_t count;
};

/* Whether the stream, which can be rewound and is, has such a file. */
bool watch_file_is(FILE *in);
/* Adds a file; `name` is for messages. 0 or -errno with err. */
int watch_file_read(FILE *in, const char *name, struct watch_files *out, struct err *err);
bool watch_file_is_locks(const json_t *root);     /* else of maps */
void watch_files_fini(struct watch_files *files); /* zeros are safe */

#endif
