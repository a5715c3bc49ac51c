/* SPDX-License-Identifier: MIT
 * The table that the strategies share out: open addressing, linear probing, at most three quarters
 * full. A removed entry leaves no mark: those behind it move up (Knuth, TAOCP 3, 6.4, algorithm R).
 * It grows by doubling and never shrinks, as Go's and most C++ maps. Not for several threads: the
 * strategy has to see to that. */
#ifndef MAPS_TABLE_H
#define MAPS_TABLE_H

#include "maps/map.h"

#include <string.h>

struct table {
    uint64_t *slot;              /* of each: 0, or the key + 1; then the value's words */
    uint64_t mask;               /* slots - 1 */
    uint64_t count;              /* keys */
    unsigned words;              /* of a value */
    const struct map_home *home; /* of the slots; NULL: malloc's */
};

/* For so many keys without growing. 0 or -ENOMEM. */
int table_init(struct table *table, uint64_t keys, unsigned words);
/* The same, with its slots at this home, also when it grows; NULL: malloc's. */
int table_init_home(
    struct table *table, uint64_t keys, unsigned words, const struct map_home *home);
void table_fini(struct table *table); /* safe when zeroed */
/* `to` is not initialised; its slots are malloc's. 0 or -ENOMEM. */
int table_copy(struct table *to, const struct table *from);

/* Where keys begin to be looked for. Neighbouring keys lie far apart. */
static inline uint64_t table_hash(uint64_t key)
{
    uint64_t x = key * 0x9e3779b97f4a7c15; /* Knuth, TAOCP 3, 6.4 */
    return x ^ x >> 32;
}

static inline uint64_t *table_slot(const struct table *table, uint64_t index)
{
    return table->slot + (index & table->mask) * (table->words + 1);
}

/* Values are mostly of one word, for which a call takes longer than the copy. */
static inline void table_copy_words(uint64_t *to, const uint64_t *from, unsigned words)
{
    if (words == 1)
        *to = *from;
    else
        memcpy(to, from, words * sizeof *to);
}

/* The value of the key; NULL: it is not there. */
uint64_t *table_find(const struct table *table, uint64_t key);
/* As struct map_strategy has them. */
bool table_get(const struct table *table, uint64_t key, uint64_t *value);
enum map_written table_put(struct table *table, uint64_t key, const uint64_t *value);
enum map_written table_insert(struct table *table, uint64_t key, const uint64_t *value);
enum map_written table_remove(struct table *table, uint64_t key);
void table_visit(const struct table *table, map_visit *visit, void *context);

#endif
