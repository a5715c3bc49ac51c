/* SPDX-License-Identifier: MIT
 * Keys are stored plus one, so that memory of zeros is an empty table; the key 2^64 - 1 cannot be
 * stored, and loads do not draw it. */
#include "maps/table.h"

#include "maps/memory.h"

#include <errno.h>
#include <string.h>

enum { SLOTS_LEAST = 8 };

static size_t slot_bytes(const struct table *t)
{
    return (t->words + 1) * sizeof *t->slot;
}

static bool is_full(const struct table *t)
{
    return (t->count + 1) * 4 > (t->mask + 1) * 3;
}

static int allocate_slots(struct table *t, uint64_t slots)
{
    t->mask = slots - 1;
    t->slot = NULL;
    if (slots <= SIZE_MAX / slot_bytes(t))
        t->slot = t->home ? map_zeroed_home(t->home, slots * slot_bytes(t))
                          : map_zeroed(slots, slot_bytes(t));
    return t->slot ? 0 : -ENOMEM;
}

static void free_slots(const struct table *t)
{
    map_free_home(t->home, t->slot, (t->mask + 1) * slot_bytes(t));
}

int table_init(struct table *table, uint64_t keys, unsigned words)
{
    return table_init_home(table, keys, words, NULL);
}

int table_init_home(struct table *table, uint64_t keys, unsigned words, const struct map_home *home)
{
    uint64_t slots = SLOTS_LEAST;
    while (slots / 4 * 3 < keys && slots <= UINT64_MAX / 2)
        slots *= 2;
    *table = (struct table){.words = words, .home = home};
    return allocate_slots(table, slots);
}

void table_fini(struct table *table)
{
    free_slots(table);
    *table = (struct table){0};
}

int table_copy(struct table *to, const struct table *from)
{
    *to = *from;
    to->home = NULL;
    if (allocate_slots(to, from->mask + 1))
        return -ENOMEM;
    memcpy(to->slot, from->slot, (from->mask + 1) * slot_bytes(from));
    return 0;
}

/* The key's slot, or the empty one where it belongs. */
static uint64_t *find_slot(const struct table *t, uint64_t key)
{
    uint64_t at = table_hash(key);
    uint64_t *slot = table_slot(t, at);
    while (*slot && *slot != key + 1)
        slot = table_slot(t, ++at);
    return slot;
}

uint64_t *table_find(const struct table *table, uint64_t key)
{
    uint64_t *const slot = find_slot(table, key);
    return *slot ? slot + 1 : NULL;
}

bool table_get(const struct table *table, uint64_t key, uint64_t *value)
{
    const uint64_t *const found = table_find(table, key);
    if (found)
        table_copy_words(value, found, table->words);
    return found;
}

static void fill_slot(const struct table *t, uint64_t *slot, uint64_t key, const uint64_t *value)
{
    *slot = key + 1;
    table_copy_words(slot + 1, value, t->words);
}

static int grow(struct table *t)
{
    struct table larger = *t;
    if (allocate_slots(&larger, (t->mask + 1) * 2))
        return -ENOMEM;
    for (uint64_t i = 0; i <= t->mask; i++) {
        const uint64_t *const slot = table_slot(t, i);
        if (*slot)
            fill_slot(t, find_slot(&larger, *slot - 1), *slot - 1, slot + 1);
    }
    free_slots(t);
    *t = larger;
    return 0;
}

static enum map_written add(struct table *t, uint64_t key, const uint64_t *value)
{
    if (is_full(t) && grow(t))
        return MAP_NO_MEMORY;
    fill_slot(t, find_slot(t, key), key, value);
    t->count++;
    return MAP_ADDED;
}

enum map_written table_put(struct table *table, uint64_t key, const uint64_t *value)
{
    uint64_t *const found = table_find(table, key);
    if (!found)
        return add(table, key, value);
    table_copy_words(found, value, table->words);
    return MAP_CHANGED;
}

enum map_written table_insert(struct table *table, uint64_t key, const uint64_t *value)
{
    if (table_find(table, key))
        return MAP_KEPT;
    return add(table, key, value) == MAP_ADDED ? MAP_CHANGED : MAP_NO_MEMORY;
}

/* May what lies in slot `from` move to the free slot `to` before it? Not if it belongs between. */
static bool may_move(const struct table *t, uint64_t from, uint64_t to)
{
    const uint64_t home = table_hash(*table_slot(t, from) - 1);
    return ((from - home) & t->mask) >= ((from - to) & t->mask);
}

enum map_written table_remove(struct table *table, uint64_t key)
{
    uint64_t *const slot = find_slot(table, key);
    if (!*slot)
        return MAP_KEPT;
    uint64_t hole = (uint64_t)(slot - table->slot) / (table->words + 1);
    for (uint64_t at = hole + 1; *table_slot(table, at); at++)
        if (may_move(table, at, hole)) {
            memcpy(table_slot(table, hole), table_slot(table, at), slot_bytes(table));
            hole = at;
        }
    *table_slot(table, hole) = 0;
    table->count--;
    return MAP_CHANGED;
}

void table_visit(const struct table *table, map_visit *visit, void *context)
{
    for (uint64_t i = 0; i <= table->mask; i++) {
        const uint64_t *const slot = table_slot(table, i);
        if (*slot)
            visit(context, *slot - 1, slot + 1);
    }
}
