/* SPDX-License-Identifier: MIT
 * What `numaprobe detect --json` wrote, read again: docs/detect.md, "JSON", tells the keys. */
#ifndef ANALYSIS_REPORT_DETECT_FILE_H
#define ANALYSIS_REPORT_DETECT_FILE_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One root for each file. All that the page asks for is there and of its type, or null where
 * docs/detect.md says so; text is short enough to be shown. What it says is still anyone's. */
struct detect_file {
    json_t **file;
    size_t files;
};

/* Whether the stream begins as JSON's objects do; it is then where it was, but for blanks where it
 * cannot be rewound. */
bool detect_file_is_json(FILE *in);
/* Adds what a file holds; `name` is for messages. 0 or -errno with err. */
int detect_file_read(FILE *in, const char *name, struct detect_file *out, struct err *err);
void detect_file_fini(struct detect_file *detected); /* zeros are safe */

/* What is null, or in an object that is, is NULL, NaN, 0. */
const char *detect_file_text(const json_t *object, const char *key);
double detect_file_real(const json_t *object, const char *key);
int64_t detect_file_count(const json_t *object, const char *key);

/* Of detected.c only: whether a root has the keys, with their types. */
int detect_schema_check(const json_t *root, const char *name, struct err *err);

#endif
