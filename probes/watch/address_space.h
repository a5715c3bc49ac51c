/* SPDX-License-Identifier: MIT
 * What a process has mapped where, by /proc/PID/maps, and the code in it. Read only. */
#ifndef PROBES_WATCH_ADDRESS_SPACE_H
#define PROBES_WATCH_ADDRESS_SPACE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_mapping {
    uint64_t begin, end, offset; /* offset: into its file */
    uint64_t device, inode;      /* 0, 0: anonymous */
    bool reads, writes, executes, shared;
    char *path; /* "" when anonymous; "[heap]", "[stack]" and others are the kernel's */
    int file;   /* of executable ones, opened when first read; -1: not yet, or it cannot be */
    bool tried;
};

struct address_space {
    int pid;
    struct address_mapping *mapping; /* ascending */
    size_t count;
};

/* 0, ended by address_space_fini, or -errno with err: -ESRCH, it is gone; -EACCES, another user's.
 */
int address_space_read(int pid, struct address_space *out, struct err *err);
void address_space_fini(struct address_space *space); /* zeros are safe */

/* NULL: nothing is mapped there. */
struct address_mapping *address_space_at(struct address_space *space, uint64_t address);
/* Copies up to `size` bytes of code from `address` on, of one mapping: from its file, also when
 * that was deleted or lies in another mount namespace; from the process where code is made at run
 * time. Returns how many; 0: there is no code. */
size_t address_space_code(struct address_space *space, uint64_t address, void *out, size_t size);
/* Copies what the process has at an address into `out`, wholly or not at all. */
bool address_space_copy(int pid, uint64_t address, void *out, size_t size);
/* The path by which the mapping's file can be opened here, in `out`; "": it cannot be. */
const char *address_mapping_file(const struct address_space *space,
    const struct address_mapping *mapping, char *out, size_t size);

#endif
