/* SPDX-License-Identifier: MIT
 * The entries of tier 1: one for each line of the address space, with its owner (the thread that
 * touched it last) and the bytes that the owner touched. What accesses do to an entry is in
 * tier1.h. */
#ifndef RUNTIME_SHADOW_H
#define RUNTIME_SHADOW_H

#include "base/record.h"
#include "runtime/base/lock.h"
#include "runtime/base/tag.h"

struct shadow {
    uint32_t tag;  /* the owner's, or one of the TAG_ values; 0: no thread touched it */
    uint32_t info; /* hand-overs, and the index + 1 of the line's line_stat, if it has one */
    uint64_t unread, unwritten; /* by the owner so far, one bit a byte */
    uint32_t reads, writes;     /* since it became the owner; may wrap */
};
enum { LINE_SHIFT = 6, INFO_HANDOVERS = 0xff, INFO_LINE_SHIFT = 8 };

static inline uint64_t shadow_read(const struct shadow *s)
{
    return ~s->unread;
}

static inline uint64_t shadow_written(const struct shadow *s)
{
    return ~s->unwritten;
}

/* The index of the line's line_stat, or NO_LINE. Without the entry's lock it may have become
 * NO_LINE since the tag was looked at. */
#define NO_LINE UINT32_MAX
static inline uint32_t shadow_line(const struct shadow *s)
{
    return (s->info >> INFO_LINE_SHIFT) - 1;
}

/* Processors ignore bits of an address from some bit on: the top byte (Arm TBI and MTE), bits 57 to
 * 62 (x86 LAM). Programs keep tags there. */
static inline uintptr_t shadow_untag(uintptr_t address)
{
    return (uintptr_t)((uint64_t)address << 8 >> 8);
}

/* Has this line an entry? Without a tag. */
static inline bool shadow_covers(uintptr_t address)
{
    return address <= state_gate.last;
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error                                                                                             \
    "numaprobe's runtime is for little-endian processors: shadow_of mixes the low byte of an index"
#endif
/* Two entries share a line, and adjacent lines are often used by two threads: the entries of
 * neighbours must not be neighbours. Entries are permuted in blocks of 256, so that those which
 * share a line are of lines 128 +- 4 apart: not a power of two, nor a few pages. */
enum { BLOCK_SHIFT = 8 };
static inline struct shadow *shadow_of(uintptr_t address)
{
    union {
        uintptr_t line;
        uint8_t low; /* the first byte: little endian */
    } at = {address >> LINE_SHIFT & state_gate.lines};
    const uint8_t mixed = (uint8_t)(at.low ^ at.low >> 5);
    at.low = (uint8_t)(mixed << 1 | mixed >> 7); /* BLOCK_SHIFT bits, rotated */
    return state_gate.shadow + at.line;
}

/* One bit for each of `size` bytes at `address`, bit 0 for the line's first byte. */
static inline uint64_t bytes_mask(uintptr_t address, unsigned size)
{
    const uint64_t ones = size >= RECORD_LINE ? ~0ull : (1ull << size) - 1;
    return ones << (address & (RECORD_LINE - 1));
}

/* Memory is looked at in units when it is freed: was any line of the unit touched? */
enum { UNIT_SHIFT = 16 };
extern HIDDEN uint8_t *shadow_touched;

static inline uint8_t *shadow_unit(uintptr_t address)
{
    return &shadow_touched[(address >> LINE_SHIFT & state_gate.lines) >> (UNIT_SHIFT - LINE_SHIFT)];
}

static inline void shadow_touch(uintptr_t address)
{
    uint8_t *unit = shadow_unit(address);
    if (!*unit)
        *unit = 1;
}

/* Maps the entries; false, with the reason in the recording's note, if there is no room. */
HIDDEN bool shadow_init(void);

/* Takes the entry: its tag becomes TAG_BUSY. Returns the tag that it had; TAG_BUSY when another
 * thread keeps it for too long, and then it is not taken. */
HIDDEN uint32_t shadow_lock(struct shadow *s);

/* Gives the entry back with this tag. Release: pairs with the acquire of shadow_lock. */
static inline void shadow_unlock(struct shadow *s, uint32_t tag)
{
    __atomic_store_n(&s->tag, tag, __ATOMIC_RELEASE);
    lock_withdraw();
}

/* As shadow_lock, but tries once and only takes an entry that has this tag. */
static inline bool shadow_try_lock(struct shadow *s, uint32_t tag)
{
    lock_announce(&s->tag);
    const bool taken = __atomic_compare_exchange_n(
        &s->tag, &tag, TAG_BUSY, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    if (!taken)
        lock_withdraw();
    return taken;
}

/* Unlinks the entry from its line_stat, if that is still `line`: the line is tier 1's again.
 * Returns whether it was. */
HIDDEN bool shadow_drop(uintptr_t address, uint32_t line);

#endif
