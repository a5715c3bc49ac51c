/* SPDX-License-Identifier: MIT
 * A layout: one way to lay out per-shard data. Each layout is one C file, compiled once for each
 * ALIGN; your own file for --layout ./mine.c has the same shape.
 *
 * ALIGN is the requested stride: the element's aligned members begin at multiples of it, and 8
 * means natural packing. The array starts on a 4 KiB boundary, so that it is known which elements
 * share a line. A layout only defines where its words are; the measured loops get addresses and
 * never call it. */
#ifndef LAYOUTS_LAYOUT_H
#define LAYOUTS_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

/* The words an op can work on. Each is 8 bytes, but for WORD_DATA, which is LAYOUT_SLOTS of them.
 */
enum layout_word {
    WORD_WRITER, /* what the first role writes */
    WORD_READER, /* what the second role works on */
    WORD_LOCK,   /* a lock the first role takes */
    WORD_DATA,   /* slots that the first role fills and the second one empties */
    WORD_COUNT
};
enum { LAYOUT_SLOTS = 16 }; /* of WORD_DATA; a power of two */

/* Which threads play which role. */
enum layout_cast {
    CAST_WRITERS,    /* all play the first role, each on its own shard; an op that has a second part
                        (size) gives that to the first thread */
    CAST_ONE_WRITER, /* the first thread plays the first role, the others the second, all on shard 0
                      */
    CAST_PAIRS       /* threads 0 and 1 play the two roles on shard 0, 2 and 3 on shard 1, ... */
};

enum { LAYOUT_ABI = 1 };

struct layout {
    unsigned abi; /* LAYOUT_ABI */
    const char *name, *summary;
    const char *ops;     /* what is measured when no --op is given: a comma list */
    const char *role[2]; /* what the two roles are called; the second may be NULL */
    enum layout_cast cast;
    size_t align_bytes;   /* ALIGN */
    size_t element_bytes; /* sizeof the element: the distance from one shard to the next */
    /* Address of a word of shard i in the array at `array`; NULL when the layout has no such word.
     * Must lie inside element i. */
    void *(*word)(void *array, unsigned shard, enum layout_word word);
};

/* The table entry's name carries the alignment: layout_counter_64. In a user's own file it is just
 * `layout`, the entry that is looked up. */
#define LAYOUT_PASTE(name, align) layout_##name##_##align
#define LAYOUT_NAME(name, align) LAYOUT_PASTE(name, align)
#ifdef LAYOUT_USER
#define LAYOUT(name) const struct layout layout
#else
#define LAYOUT(name) const struct layout LAYOUT_NAME(name, ALIGN)
#endif

extern const struct layout *const layout_table[];
extern const size_t layout_count;

#endif
