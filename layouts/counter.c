/* SPDX-License-Identifier: MIT
 * Bare per-shard size counters, as in a sharded map that keeps them in a separate array.
 * At 8 B eight of them share a 64-byte line. */
#include "layouts/layout.h"

struct element {
    _Alignas(ALIGN) uint64_t size;
};

static void *word(void *array, unsigned shard, enum layout_word word)
{
    struct element *e = array;
    return word == WORD_WRITER ? &e[shard].size : NULL;
}

LAYOUT(counter) = {
    .abi = LAYOUT_ABI,
    .name = "counter",
    .summary = "bare per-shard size counters in an array",
    .ops = "store,rmw,add",
    .role = {"adder", "summer"},
    .cast = CAST_WRITERS,
    .align_bytes = ALIGN,
    .element_bytes = sizeof(struct element),
    .word = word,
};
