/* SPDX-License-Identifier: MIT
 * The words of suggestions that differ between languages: how a programmer writes that something
 * gets a separate line. What to change is decided elsewhere, and is the same in all. */
#ifndef ANALYSIS_SHARING_SUGGESTION_WORDS_H
#define ANALYSIS_SHARING_SUGGESTION_WORDS_H

#include "analysis/sharing/sharing.h"

/* Templates: of {line}, {bytes}, {pad} and {names} the values are written, see suggestion_put(). */
struct suggestion_words {
    const char *variables;      /* align the variables {names} */
    const char *apart;          /* allocate each block of type {names}, of whole lines {bytes} */
    const char *apart_type;     /* ... behind it, where the type is known */
    const char *block;          /* what a block of a type that is not known is called there */
    const char *library;        /* a part of it is the library's own */
    const char *too, *too_heap; /* behind what aligns a member of an element; and in a heap block */
    const char *fill, *fill_heap;       /* elements {names} fill lines, but begin within one */
    const char *pad_record, *pad_value; /* behind "pad {names}": elements with members; others */
    const char *pad_heap;               /* ... behind it, in a heap block */
    const char *members;                /* align the members {names} */
    const char *member_of;              /* between a member and its type */
    bool whole_groups;                  /* {names} of them has all that move, not the first */
    const char *groups;                 /* behind members in groups: how these become apart */
};

struct suggestion_values {
    unsigned line, bytes;
    unsigned pad; /* bytes that fill the last line */
    const char *names;
};

const struct suggestion_words *suggestion_words_of(const struct sharing *sharing);
/* Appends the template with its values to the text. */
void suggestion_put(
    struct suggestion *out, const char *text, const struct suggestion_values *values);

#endif
