/* SPDX-License-Identifier: MIT
 * Chunks: glibc, malloc/malloc.c, "Chunk representation". Each has its size in the eight bytes in
 * front of what malloc returns, a multiple of 16 with three flags; the next chunk follows at once,
 * and says in its own whether this one is in use. */
#include "probes/watch/heap_block.h"

#include "probes/watch/address_space.h"

enum {
    SEARCHED = 64 << 10,
    UNIT = 16,
    WORD = 8,
    LEAST = 32,
    PREVIOUS_IN_USE = 1,
    MAPPED = 2,
    FLAGS = 7,
    CHAIN = 3 /* chunks in a row that have to look like some */
};
static const uint64_t MOST = 1ull << 32;

static bool is_size(uint64_t word)
{
    const uint64_t size = word & ~(uint64_t)FLAGS;
    return size % UNIT == 0 && size >= LEAST && size <= MOST;
}

/* Do chunks follow it as they follow one that is in use? Behind the last one, which is free, the
 * memory ends. */
static bool has_followers(int pid, uint64_t start, uint64_t word)
{
    for (int i = 0; i < CHAIN; i++) {
        start += word & ~(uint64_t)FLAGS;
        if (!address_space_copy(pid, start - WORD, &word, sizeof word))
            return i > 0;
        if (!is_size(word))
            return false;
        if (i == 0 && !(word & PREVIOUS_IN_USE))
            return false;
    }
    return true;
}

/* Reads up to SEARCHED bytes in front of `end`: less where a mapping begins in between. Returns how
 * many. */
static size_t read_before(int pid, uint64_t end, uint64_t *out)
{
    for (size_t bytes = SEARCHED; bytes >= UNIT; bytes /= 2)
        if (address_space_copy(pid, end - bytes, out, bytes))
            return bytes;
    return 0;
}

bool heap_block_at(int pid, uint64_t address, struct heap_block *out)
{
    uint64_t memory[SEARCHED / WORD];
    const uint64_t last = address / UNIT * UNIT;
    const size_t bytes = read_before(pid, last, memory);
    for (size_t before = 0; before + WORD <= bytes; before += UNIT) {
        const uint64_t start = last - before, word = memory[(bytes - before) / WORD - 1],
                       size = word & ~(uint64_t)FLAGS;
        if (!is_size(word) || word & MAPPED || start + size - WORD <= address ||
            !has_followers(pid, start, word))
            continue;
        *out = (struct heap_block){start, size - WORD};
        return true;
    }
    return false;
}
