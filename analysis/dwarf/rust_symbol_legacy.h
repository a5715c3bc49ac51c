/* SPDX-License-Identifier: MIT
 * The form of symbols that rustc had before v0, which looks like one of C++. */
#ifndef ANALYSIS_DWARF_RUST_SYMBOL_LEGACY_H
#define ANALYSIS_DWARF_RUST_SYMBOL_LEGACY_H

#include <stdbool.h>
#include <stddef.h>

/* As rust_symbol_path() in rust_symbol.h, of "_ZN" alone. */
bool rust_symbol_legacy(const char *symbol, char *out, size_t size);

#endif
