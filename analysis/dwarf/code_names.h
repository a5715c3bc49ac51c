/* SPDX-License-Identifier: MIT
 * Names of functions by address, of code that has no symbols in a file: what a JIT compiled. */
#ifndef ANALYSIS_DWARF_CODE_NAMES_H
#define ANALYSIS_DWARF_CODE_NAMES_H

#include <stdint.h>
#include <stdio.h>

struct code_names; /* opaque; owns the names */

/* Reads a perf map, which JITs write for Linux's perf: lines of start, size and name, the numbers
 * hexadecimal (Linux, tools/perf/Documentation/jit-interface.txt). Other lines are skipped. NULL:
 * out of memory. */
struct code_names *code_names_read(FILE *perf_map);
void code_names_free(struct code_names *names);
/* The name of the code at the address, the latest where code was replaced; NULL: none is known. */
const char *code_names_find(const struct code_names *names, uint64_t address);

#endif
