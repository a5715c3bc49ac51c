/* SPDX-License-Identifier: MIT
 * Tags: a thread's slot and its epoch, the time between two of its creates, joins and barriers, in
 * one word. Comparing two of them is all that the most frequent access does. */
#ifndef RUNTIME_BASE_TAG_H
#define RUNTIME_BASE_TAG_H

#include <stdbool.h>
#include <stdint.h>

enum {
    EPOCH_BITS = 20, /* wraps; compared modulo, so wrong only after half a million epochs */
    SLOTS = 4095,    /* slot 0 is unused */
    EPOCH_MASK = (1 << EPOCH_BITS) - 1,
};
#define TAG_STRANGER 0xfff00000u  /* of a thread that has no slot yet; on no line */
#define TAG_BUSY 0xfff00001u      /* a thread is changing the line's entry */
#define TAG_TIER2 0xfff00002u     /* accesses go to the line's line_stat */
#define TAG_THROTTLED 0xfff00003u /* the same, but most accesses are only counted (throttle.c) */
#define TAG_READERS 0xfff00004u   /* several threads only read the line (tier1.c) */

static inline uint32_t tag_slot(uint32_t tag)
{
    return tag >> EPOCH_BITS;
}

/* Returns whether accesses to a line with this tag go to its line_stat. */
static inline bool tag_is_recorded(uint32_t tag)
{
    return tag == TAG_TIER2 || tag == TAG_THROTTLED;
}

#endif
