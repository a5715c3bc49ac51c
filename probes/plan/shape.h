/* SPDX-License-Identifier: MIT
 * A layout at one alignment, resolved to plain offsets: the form in which planning and running use
 * it, be it built in, the isolated reference of one, or a user's own file. */
#ifndef PROBES_PLAN_SHAPE_H
#define PROBES_PLAN_SHAPE_H

#include "base/err.h"
#include "layouts/layout.h"

#include <stdint.h>

#define SHAPE_NONE UINT32_MAX
enum { SHAPE_TEXT = 96, SHAPE_BYTES_MAX = 64 << 20 };

struct shape {
    const char *file; /* of a user's own layout, borrowed from the plan; "": built in */
    char name[SHAPE_TEXT], summary[SHAPE_TEXT], ops[SHAPE_TEXT], role[2][SHAPE_TEXT];
    enum layout_cast cast;
    unsigned align_bytes; /* 0: the isolated reference of the layout `name` */
    unsigned shards;
    size_t element_bytes;          /* 0 for a reference: its words lie where they want */
    size_t object_bytes;           /* of the whole array */
    uint32_t offset[][WORD_COUNT]; /* by shard; SHAPE_NONE: no such word */
};

/* Each makes a new shape, released with free(), or returns -errno with err.
 *
 * A layout of the registry; -EINVAL when it breaks its own contract (shape_check). */
int shape_of(const struct layout *layout, unsigned shards, struct shape **shape, struct err *err);
/* The same words, with each group that one role writes on separate lines, at least 256 B from the
 * next and at page offsets that differ, since equal ones alias. */
int shape_isolate(const struct shape *of, struct shape **shape, struct err *err);
/* A user's file, compiled for `align_bytes` with the system's compiler ($CC, else cc) and
 * questioned in a child process. -ENOEXEC: cannot be read, does not compile, has no `layout`, or
 * breaks the contract; -ECHILD: crashed; -ENODEV: no compiler. */
int shape_load(
    const char *path, unsigned align_bytes, unsigned shards, struct shape **shape, struct err *err);

/* What layouts/layout.h demands: names present, words 8-aligned, inside their element and disjoint,
 * the element a multiple of the alignment. -EINVAL with err naming the layout. */
int shape_check(const struct shape *shape, struct err *err);

/* Copies everything but the offsets; the strings are cut to SHAPE_TEXT. */
void shape_describe(struct shape *shape, const struct layout *layout, unsigned shards);
size_t shape_size(unsigned shards); /* bytes of a struct shape with that many shards */
size_t shape_word_bytes(enum layout_word word);
extern const char *const shape_word_names[WORD_COUNT]; /* "WORD_WRITER" */

#endif
