/* SPDX-License-Identifier: MIT
 * A read-mostly field next to a written one, as a configuration pointer and a statistics counter.
 * One thread writes; the others only read the field that never changes, and pay for it at 8 B. */
#include "layouts/layout.h"

struct element {
    _Alignas(ALIGN) uint64_t read_mostly;
    _Alignas(ALIGN) uint64_t written;
};

static void *word(void *array, unsigned shard, enum layout_word word)
{
    struct element *e = array;
    void *const at[WORD_COUNT] = {
        [WORD_WRITER] = &e[shard].written, [WORD_READER] = &e[shard].read_mostly};
    return at[word];
}

LAYOUT(mixed) = {
    .abi = LAYOUT_ABI,
    .name = "mixed",
    .summary = "a read-mostly field next to a written one",
    .ops = "store",
    .role = {"writer", "reader"},
    .cast = CAST_ONE_WRITER,
    .align_bytes = ALIGN,
    .element_bytes = sizeof(struct element),
    .word = word,
};
