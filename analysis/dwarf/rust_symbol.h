/* SPDX-License-Identifier: MIT
 * The path that a symbol of rustc is made from. For code without debug information only: with it,
 * names are read from there. */
#ifndef ANALYSIS_DWARF_RUST_SYMBOL_H
#define ANALYSIS_DWARF_RUST_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>

/* Writes "alloc::raw_vec::RawVec<u64>::grow_one" of the symbol, in the v0 form (_RNv..., RFC 2603)
 * or the legacy form (_ZN...17h...E). False: it is neither, and `out` is undefined. What does not
 * fit is cut. */
bool rust_symbol_path(const char *symbol, char *out, size_t size);

#endif
