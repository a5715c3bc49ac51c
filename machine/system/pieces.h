/* SPDX-License-Identifier: MIT
 * The pieces of /proc and /sys that describe a machine: what hwloc (as far as placement is
 * concerned), doctor and events read, and nothing else. Serial numbers and host names are not among
 * them. To add one: a line in the table of pieces.c. */
#ifndef MACHINE_SYSTEM_PIECES_H
#define MACHINE_SYSTEM_PIECES_H

#include <stddef.h>

struct piece {
    char *path; /* "/proc/cpuinfo" */
    char *text; /* `length` bytes and a NUL; NULL when it could not be read */
    size_t length;
    int error; /* -errno of reading it */
};

struct pieces {
    struct piece *piece; /* a folder's files together, cpu2 before cpu10 */
    size_t count;
};

/* Reads the pieces that exist below `root` (as in sysfile.h). 0 or -ENOMEM; pieces_fini is safe in
 * either case. */
int pieces_gather(const char *root, struct pieces *out);
/* Adds one; takes `text`, and frees it on failure. 0 or -ENOMEM. */
int pieces_add(struct pieces *pieces, const char *path, char *text, size_t length, int error);
void pieces_sort(struct pieces *pieces); /* and drops what is there twice */
void pieces_fini(struct pieces *pieces);
/* Of all texts. */
size_t pieces_bytes(const struct pieces *pieces);

#endif
