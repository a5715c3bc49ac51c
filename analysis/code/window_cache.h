/* SPDX-License-Identifier: MIT
 * The accesses around each place that was sampled: a program is sampled at few places again and
 * again, and decoding is slow. */
#ifndef ANALYSIS_CODE_WINDOW_CACHE_H
#define ANALYSIS_CODE_WINDOW_CACHE_H

#include "analysis/code/window.h"

struct window {
    size_t count; /* 0: nothing is known of this place */
    const struct code_access *access;
};
struct window_cache; /* opaque */

struct window_cache *window_cache_new(void); /* NULL: out of memory */
void window_cache_free(struct window_cache *cache);
/* Of a program's place; NULL: it is to be added. A cache that has become very large forgets all. */
const struct window *window_cache_at(
    const struct window_cache *cache, unsigned program, uint64_t ip);
/* Decodes `text` around it. NULL: out of memory. */
const struct window *window_cache_add(
    struct window_cache *cache, unsigned program, uint64_t ip, const struct code_text *text);

#endif
