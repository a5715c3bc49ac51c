/* SPDX-License-Identifier: MIT
 * Go's table of functions and lines, which its programs have for their own stack traces, so that a
 * stripped one has it, too. Of Go 1.18 and newer (Go's source, src/runtime/symtab.go and
 * src/internal/abi/symtab.go). Of functions that were inlined it has the lines, and as the function
 * the one that they are inlined in. */
#ifndef ANALYSIS_DWARF_GO_PCLNTAB_H
#define ANALYSIS_DWARF_GO_PCLNTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct go_pclntab {
    const uint8_t *data;
    size_t size;
    uint64_t functions;
    uint64_t text; /* the address from which functions' are counted, as in the file */
    uint64_t names, units, files, values, entries; /* offsets */
    unsigned quantum;                              /* the least bytes of an instruction */
};

struct go_line {
    const char *function, *file; /* in the data; file NULL: not known */
    unsigned line;               /* 0: not known */
};

/* `data` must live as long, and be of a file of this machine's byte order. `text`: for a table that
 * does not have it, as in programs that may lie anywhere. False: it is of no version that is known.
 */
bool go_pclntab_open(const void *data, size_t size, uint64_t text, struct go_pclntab *out);
/* `pc` as in the file. False: no function of Go's is there. */
bool go_pclntab_find(const struct go_pclntab *table, uint64_t pc, struct go_line *out);

struct go_function {
    const char *name;    /* in the data */
    uint64_t entry, end; /* as in the file */
    int64_t frame;       /* bytes on the stack at `pc`, without the return address; -1: not known */
};

/* The function at `pc`, as in the file. False: none of Go's is there. */
bool go_pclntab_function(const struct go_pclntab *table, uint64_t pc, struct go_function *out);
/* The function with that index, those at lower addresses first; its frame at its entry. False:
 * there are fewer, or the table is broken there. */
bool go_pclntab_nth(const struct go_pclntab *table, uint64_t index, struct go_function *out);

/* From the instruction at `pc` on, the frame has that many bytes. */
struct go_frame_size {
    uint64_t pc;
    int64_t bytes;
};
/* All sizes that a function's frame has, in the order of its code. Returns how many, at most
 * `most`. */
size_t go_pclntab_frame_sizes(const struct go_pclntab *table, const struct go_function *function,
    struct go_frame_size *out, size_t most);

/* The function of that name. False: there is none. */
bool go_pclntab_named(const struct go_pclntab *table, const char *name, struct go_function *out);

#endif
