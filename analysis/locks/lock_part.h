/* SPDX-License-Identifier: MIT
 * Which functions take and release locks, and which wait for something else: by their names in Go,
 * glibc, musl and Rust's standard library. */
#ifndef ANALYSIS_LOCKS_LOCK_PART_H
#define ANALYSIS_LOCKS_LOCK_PART_H

#include <stdbool.h>
#include <stddef.h>

/* What a function is to a wait. */
enum lock_part {
    LOCK_NOTHING,
    LOCK_TAKEN,    /* it takes a lock */
    LOCK_RELEASED, /* it releases one */
    LOCK_OTHER,    /* it waits for something else */
};
/* *lock: how the report names it, where it is not LOCK_NOTHING. NULL is a function that is not
 * known. */
enum lock_part lock_part_of(const char *function, const char **lock);

/* Of a stack's functions, the innermost first: what it waits for or released, and how many of them
 * belong to that. LOCK_NOTHING: nothing that is known. */
enum lock_part lock_part_in(
    const char *const *function, size_t count, const char **lock, size_t *inner);

/* Without debug information a function of Go in which Lock or Unlock was inlined has the name of
 * the one around and the file of the one inlined: what to take for the inlined one's name. NULL:
 * none is inlined. */
const char *lock_part_of_file(const char *function, const char *file, bool released);

#endif
