/* SPDX-License-Identifier: MIT
 * Reading a record. It is input: a file may be cut, of another build, or left by a process that
 * died while it wrote, so everything that is used as a count, an index or a text is checked here
 * once. */
#ifndef BASE_RECORD_READ_H
#define BASE_RECORD_READ_H

#include "base/err.h"
#include "base/record.h"

#include <stddef.h>
#include <stdio.h>

/* What is counted up fits 56 bits for years; more is damage, and its sums would overflow. */
#define RECORD_COUNT_MAX ((uint64_t)1 << 56)

/* Tables as they were filled. Guaranteed: each index of a touch, thread or object is one that is
 * there (a line's list of touches is cut before one that is not, and holds no touch twice; the
 * line's `touches` is its length); masks, sites and frames are within their bounds; texts end. A
 * touch's and an object's `slot` is the index of its thread here; an object's is `threads` when
 * that is not known. Counts are at most RECORD_COUNT_MAX. Hand-overs are those that were counted,
 * none of a line's rests among them. */
struct recording {
    struct record_header header; /* its tables' offsets are of no use any more */
    struct record_thread *thread;
    struct record_module *module;
    struct line_stat *line;
    struct footprint *touch;
    struct record_object *object;
    size_t threads, modules, lines, touches, objects;
    double seconds;      /* from start to end, or to the last access known */
    double seen_seconds; /* of which accesses were seen while there were threads */
};

/* 0 or -errno with err, one line that names the file: no record, another version, cut. */
int record_read(FILE *in, const char *name, struct recording *out, struct err *err);
int record_read_file(const char *path, struct recording *out, struct err *err);
void record_fini(struct recording *record); /* safe after a failed read */

#endif
