/* SPDX-License-Identifier: MIT
 * Values that may be missing, as JSON: what was not measured is null, never zero. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/err.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* Each returns a new reference, or NULL when out of memory; json_pack then fails as a whole. */
json_t *json_number(double value);               /* null unless finite */
json_t *json_count(uint64_t value);              /* at most INT64_MAX */
json_t *json_index(int64_t value, int64_t none); /* null for `none` */
json_t *json_text(const char *text);    /* null for NULL and ""; "(not UTF-8)" for other bytes */
json_t *json_address(uint64_t address); /* a text, as "0xc000078180"; null for 0 */
/* `object` with the keys of `more`. Takes both; NULL when one of them is. */
json_t *json_join(json_t *object, json_t *more);

/* Of a file that jansson has not read: what is wrong and where. -EINVAL with err. */
int json_refuse(const char *name, const json_error_t *why, struct err *err);

/* Prints a document and releases it. 0 or -EIO, which is also for NULL: out of memory. */
int json_print(json_t *root, FILE *out);

#endif
