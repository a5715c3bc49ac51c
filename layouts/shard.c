/* SPDX-License-Identifier: MIT
 * A shard of a map: its size counter next to its lock and its bucket pointers, 40 bytes when
 * packed, so that the counters of some neighbours share a line and those of others do not. */
#include "layouts/layout.h"

struct element {
    _Alignas(ALIGN) uint64_t lock;
    uint64_t size;
    void **buckets;
    uint64_t mask;
    void *free_list;
};

static void *word(void *array, unsigned shard, enum layout_word word)
{
    struct element *e = array;
    void *const at[WORD_COUNT] = {[WORD_WRITER] = &e[shard].size, [WORD_LOCK] = &e[shard].lock};
    return at[word];
}

LAYOUT(shard) = {
    .abi = LAYOUT_ABI,
    .name = "shard",
    .summary = "size counter next to its lock and bucket pointers",
    .ops = "add,lock",
    .role = {"adder", "summer"},
    .cast = CAST_WRITERS,
    .align_bytes = ALIGN,
    .element_bytes = sizeof(struct element),
    .word = word,
};
