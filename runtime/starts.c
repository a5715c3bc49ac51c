/* SPDX-License-Identifier: MIT
 * A tree of bits. The bits of empty words are cleared by the search that meets them, so that to add
 * and to remove an address is one atomic operation most of the time. */
#include "runtime/starts.h"

#include "runtime/base/plain_libc.h"
#include "runtime/shadow.h"

#include <stddef.h>

enum { WORD = 1 << STARTS_WORD_BITS };

/* As the entries of tier 1, a bit is also that of the same place in the other half where the
 * address space is folded (shadow.c). */
static uint64_t index_of(uintptr_t address)
{
    const unsigned shift = LINE_SHIFT - STARTS_SHIFT;
    return address >> STARTS_SHIFT & (state_gate.lines << shift | ((1u << shift) - 1));
}

bool starts_init(struct starts *s)
{
    size_t words = (index_of(UINTPTR_MAX) + WORD) / WORD;
    uint64_t *at = plain_map(sizeof *at * (words + words / 32)); /* a 63rd for all other levels */
    for (unsigned i = 0; at && i < STARTS_LEVELS; i++) {
        s->level[i] = at;
        at += words;
        words = (words + WORD - 1) / WORD;
    }
    return at != NULL;
}

static uint64_t *word_of(const struct starts *s, unsigned level, uint64_t index)
{
    return &s->level[level][index / WORD];
}

static uint64_t bit_of(uint64_t index)
{
    return 1ull << index % WORD;
}

/* A bit that is set above has all those above it. */
static void set_bit(struct starts *s, unsigned level, uint64_t index)
{
    for (; level < STARTS_LEVELS; level++, index /= WORD) {
        if (__atomic_load_n(word_of(s, level, index), __ATOMIC_SEQ_CST) & bit_of(index))
            return;
        __atomic_fetch_or(word_of(s, level, index), bit_of(index), __ATOMIC_SEQ_CST);
    }
}

void starts_add(struct starts *s, uintptr_t address)
{
    set_bit(s, 0, index_of(address));
}

void starts_remove(struct starts *s, uintptr_t address)
{
    const uint64_t index = index_of(address);
    __atomic_fetch_and(word_of(s, 0, index), ~bit_of(index), __ATOMIC_RELEASE);
}

bool starts_has(const struct starts *s, uintptr_t address)
{
    const uint64_t index = index_of(address);
    return *word_of(s, 0, index) & bit_of(index);
}

/* Word `index` of a level is empty: clears its bit in the level above. A thread that fills the word
 * looks at the bit afterwards, and this one at the word: one of the two sees the other. */
static void prune_word(struct starts *s, unsigned level, uint64_t index)
{
    __atomic_fetch_and(word_of(s, level + 1, index), ~bit_of(index), __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&s->level[level][index], __ATOMIC_SEQ_CST))
        set_bit(s, level + 1, index);
}

/* Up until a word has a bit before the place where the search came from, then down to the last
 * one. */
uintptr_t starts_before(struct starts *s, uintptr_t address)
{
    const uint64_t first = index_of(address);
    uint64_t index = first;
    for (unsigned level = 0; level < STARTS_LEVELS;) {
        const uint64_t word = *word_of(s, level, index) & ~0ull >> (WORD - 1 - index % WORD);
        const uint64_t last =
            word ? index / WORD * WORD + WORD - 1 - (unsigned)__builtin_clzll(word) : 0;
        if (word && level == 0)
            return ((address >> STARTS_SHIFT) - (first - last)) << STARTS_SHIFT;
        if (!word && index < WORD)
            return 0;
        if (!word) {
            index = index / WORD - 1;
            level++;
        } else if (s->level[level - 1][last]) {
            index = last * WORD + WORD - 1;
            level--;
        } else {
            prune_word(s, level - 1, last);
        }
    }
    return 0;
}
