/* SPDX-License-Identifier: MIT
 * Hints in the source text of an allocation about the type that it allocates. Knows words, not C:
 * each word is only a question to the debug information, which must agree in name and size. */
#ifndef ANALYSIS_DWARF_SOURCE_TYPE_HINT_H
#define ANALYSIS_DWARF_SOURCE_TYPE_HINT_H

#include <stdbool.h>
#include <stddef.h>

enum { TYPE_HINT_WORDS = 8 };

struct type_hint {
    struct {
        char text[96];
        bool expression; /* a pointer to what is allocated, as "ctx->ring"; else a type's name */
    } word[TYPE_HINT_WORDS];
    size_t count;
    bool aligned; /* by a call that asks for an alignment */
};

/* In the text of a statement: "sizeof(struct ring)", "sizeof *p", "new Ring", "make_shared<Ring>",
 * "(struct ring *)", "p = malloc(". The surest first. */
void type_hint_words(const char *statement, struct type_hint *out);
/* The text from `line` to the end of its statement, at most four lines. "": the file does not
 * exist, or was changed after `module` was built. */
void type_hint_statement(const char *folder, const char *file, unsigned line, const char *module,
    char *out, size_t size);

#endif
