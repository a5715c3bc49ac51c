/* SPDX-License-Identifier: MIT
 * Values that may be missing, as JSON: what was not measured is null, never zero. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* Each returns a new reference, or NULL when out of memory; json_pack then fails as a whole. */
json_t *json_number(double value);               /* null unless finite */
json_t *json_count(uint64_t value);              /* at most INT64_MAX */
json_t *json_index(int64_t value, int64_t none); /* null for `none` */
json_t *json_text(const char *text); /* null for NULL and ""; "(not UTF-8)" for other bytes */

/* Prints a document and releases it. 0 or -EIO, which is also for NULL: out of memory. */
int json_print(json_t *root, FILE *out);

#endif
