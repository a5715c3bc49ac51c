/* SPDX-License-Identifier: MIT
 * Reads a recording. It is input: a file may be truncated, of another build, or left by a process
 * that died while it wrote, so everything that is used as a count, an index or a text is checked
 * here once. */
#ifndef BASE_RECORD_READ_H
#define BASE_RECORD_READ_H

#include "base/err.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A counter needs years to exceed 56 bits; more means a damaged file, and sums would overflow. */
#define RECORD_COUNT_MAX ((uint64_t)1 << 56)

/* The tables as the runtime filled them. Guaranteed: each index of a footprint, thread or object is
 * valid (a line's list of footprints ends before one that is not, and contains none twice; the
 * line's `touches` is its length); masks, sites and frames are within their bounds; texts end. The
 * `slot` of a footprint or an object is the index of its thread here; that of an object is
 * `threads` when the thread is not known. Counts are at most RECORD_COUNT_MAX. Hand-overs are those
 * that were counted, without those of a line's rests. */
struct recording {
    struct record_header header; /* the offsets of its tables no longer apply */
    struct record_thread *thread;
    struct record_module *module;
    struct line_stat *line;
    struct footprint *touch;
    struct record_object *object;
    size_t threads, modules, lines, touches, objects;
    double seconds;      /* from start to end, or to the last access known */
    double seen_seconds; /* of which accesses were seen while there were threads */
    bool joined;         /* of several processes, whose hand-overs were not counted */
};

/* 0 or -errno with err, one line that names the file: not a recording, another version, truncated.
 */
int record_read(FILE *in, const char *name, struct recording *out, struct err *err);
int record_read_file(const char *path, struct recording *out, struct err *err);
void record_fini(struct recording *record); /* safe after a failed read */

#endif
