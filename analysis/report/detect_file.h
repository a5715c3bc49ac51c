/* SPDX-License-Identifier: MIT
 * What `numaprobe detect --json` writes: docs/detect.md, "JSON", lists the keys. */
#ifndef ANALYSIS_REPORT_DETECT_FILE_H
#define ANALYSIS_REPORT_DETECT_FILE_H

#include "analysis/finding/finding_view.h"
#include "base/err.h"

#include <stdio.h>

/* The files that were read, in order. Each key is there and of its type, or null where
 * docs/detect.md allows it; the texts are not trusted. */
struct detect_file {
    struct detect_view *file;
    size_t files;
};

/* Whether the stream begins as JSON's objects do; it is then where it was, but for blanks where it
 * cannot be rewound. */
bool detect_file_is_json(FILE *in);
/* Adds a file's report; `name` is for messages. 0 or -errno with err. */
int detect_file_read(FILE *in, const char *name, struct detect_file *out, struct err *err);
void detect_file_fini(struct detect_file *detected); /* zeros are safe */

/* 0, -ENOMEM, or -EIO, which ferror(out) also reports. */
int detect_file_write(const struct detect_view *view, FILE *out);

#endif
