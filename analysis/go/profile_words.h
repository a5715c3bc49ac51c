/* SPDX-License-Identifier: MIT
 * Where a Go program has the words of its profiles of waits, as the file counts addresses: by its
 * symbols, or, of a stripped one, by the code of the runtime's functions that use them. */
#ifndef ANALYSIS_GO_PROFILE_WORDS_H
#define ANALYSIS_GO_PROFILE_WORDS_H

#include "analysis/go/go_binary.h"

struct profile_words {
    uint64_t mutex_rate, block_rate; /* runtime.mutexprofilerate, runtime.blockprofilerate */
    uint64_t mutexes, blocks;        /* runtime.xbuckets, runtime.bbuckets: lists */
};

/* False: not found. */
bool profile_words_find(const struct go_binary *binary, struct profile_words *out);

#endif
