/* SPDX-License-Identifier: MIT
 * A single-producer single-consumer ring: two indices and the slots. Both ends use both indices, so
 * that padding may cost instead of gain: packed, one transfer brings the index and the slot
 * together. */
#include "layouts/layout.h"

struct element {
    _Alignas(ALIGN) uint64_t tail; /* the producer's */
    _Alignas(ALIGN) uint64_t head; /* the consumer's */
    _Alignas(ALIGN) uint64_t slot[LAYOUT_SLOTS];
};

static void *word(void *array, unsigned shard, enum layout_word word)
{
    struct element *e = array;
    void *const at[WORD_COUNT] = {[WORD_WRITER] = &e[shard].tail,
        [WORD_READER] = &e[shard].head,
        [WORD_DATA] = &e[shard].slot};
    return at[word];
}

LAYOUT(ring) = {
    .abi = LAYOUT_ABI,
    .name = "ring",
    .summary = "producer and consumer indices of a ring, and its slots",
    .ops = "queue",
    .role = {"producer", "consumer"},
    .cast = CAST_PAIRS,
    .align_bytes = ALIGN,
    .element_bytes = sizeof(struct element),
    .word = word,
};
