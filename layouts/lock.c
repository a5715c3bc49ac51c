/* SPDX-License-Identifier: MIT
 * An array of locks, each with the count that it guards, as in a striped lock table. Two words of 8
 * bytes an element: at 8 B four locks share a 64-byte line. */
#include "layouts/layout.h"

struct element {
    _Alignas(ALIGN) uint64_t lock;
    uint64_t count;
};

static void *word(void *array, unsigned shard, enum layout_word word)
{
    struct element *e = array;
    void *const at[WORD_COUNT] = {[WORD_WRITER] = &e[shard].count, [WORD_LOCK] = &e[shard].lock};
    return at[word];
}

LAYOUT(lock) = {
    .abi = LAYOUT_ABI,
    .name = "lock",
    .summary = "an array of locks, each with the count it guards",
    .ops = "lock",
    .role = {"locker", "summer"},
    .cast = CAST_WRITERS,
    .align_bytes = ALIGN,
    .element_bytes = sizeof(struct element),
    .word = word,
};
