/* SPDX-License-Identifier: MIT
 * A program that Go's compiler made, by its file: its version, its functions and their code. Also
 * of a stripped one. */
#ifndef ANALYSIS_GO_GO_BINARY_H
#define ANALYSIS_GO_GO_BINARY_H

#include "analysis/dwarf/go_pclntab.h"
#include "base/err.h"

struct go_binary; /* opaque */

/* 0, or -errno with err: -ENOENT, it is not Go's; -ENOTSUP, it is of a version that is not known,
 * or this build has no libelf. */
int go_binary_open(const char *path, struct go_binary **out, struct err *err);
void go_binary_close(struct go_binary *binary); /* NULL is safe */

/* 24 of go1.24.4. */
unsigned go_binary_minor(const struct go_binary *binary);
const char *go_binary_version(const struct go_binary *binary); /* "go1.24.4" */
const struct go_pclntab *go_binary_functions(const struct go_binary *binary);
/* The code at an address of the file, up to `size` bytes of it in the binary's memory. NULL: none.
 */
const uint8_t *go_binary_code(const struct go_binary *binary, uint64_t address, size_t size);
/* Where in the file that is. False: nowhere. */
bool go_binary_offset(const struct go_binary *binary, uint64_t address, uint64_t *offset);
/* Does it lie where the program may write? */
bool go_binary_is_variable(const struct go_binary *binary, uint64_t address);
/* What the symbol table has under a name; 0: nothing, as in a stripped program. */
uint64_t go_binary_symbol(const struct go_binary *binary, const char *name);

#endif
