/* SPDX-License-Identifier: MIT
 * A table by place. */
#include "analysis/code/window_cache.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum { PLACES_MOST = 1 << 16, ACCESSES_MOST = 2 * CODE_WINDOW };

struct place {
    struct place_key {
        uint64_t ip, program;
    } key;
    UT_hash_handle hh;
    struct window window;
    struct code_access access[]; /* its own */
};

struct window_cache {
    struct place *place;
};

struct window_cache *window_cache_new(void)
{
    return calloc(1, sizeof(struct window_cache));
}

static void forget_all(struct window_cache *c)
{
    struct place *place, *next;
    HASH_ITER(hh, c->place, place, next)
    {
        HASH_DEL(c->place, place);
        free(place);
    }
}

void window_cache_free(struct window_cache *cache)
{
    if (cache)
        forget_all(cache);
    free(cache);
}

const struct window *window_cache_at(const struct window_cache *c, unsigned program, uint64_t ip)
{
    const struct place_key key = {ip, program};
    struct place *place = NULL;
    HASH_FIND(hh, c->place, &key, sizeof key, place);
    return place ? &place->window : NULL;
}

const struct window *window_cache_add(
    struct window_cache *c, unsigned program, uint64_t ip, const struct code_text *text)
{
    struct code_access access[ACCESSES_MOST];
    const size_t count = code_window(text, ip, access, ACCESSES_MOST);
    if (HASH_COUNT(c->place) >= PLACES_MOST)
        forget_all(c);
    struct place *const place = calloc(1, sizeof *place + count * sizeof *access);
    if (!place)
        return NULL;
    place->key = (struct place_key){ip, program};
    place->window = (struct window){count, place->access};
    memcpy(place->access, access, count * sizeof *access);
    HASH_ADD(hh, c->place, key, sizeof place->key, place);
    return &place->window;
}
