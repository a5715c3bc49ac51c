/* SPDX-License-Identifier: MIT
 * Concurrency Kit's hash table (ck_ht): many readers without a lock and one writer, for which
 * writers take a mutex. Each value is a block of its own, which liburcu's QSBR frees, as it does
 * the tables that were too small. */
#include "maps/map.h"

#define NAME "ck"
#define SUMMARY "Concurrency Kit's hash table (ck_ht), with a mutex for writers"
#if defined HAVE_URCU && defined HAVE_CK
#include "maps/memory.h"
#include "maps/qsbr.h"
#include "maps/table.h"

#include <ck_ht.h>
#include <string.h>

enum { LINE = 128 };
struct map {
    struct qsbr_map base; /* first */
    _Alignas(LINE) ck_ht_t table;
};

/* In front of what the table gets, so that it can be retired. */
struct block {
    struct qsbr_retired retired;
    _Alignas(max_align_t) char bytes[];
};

static void free_retired(struct qsbr_retired *retired)
{
    map_free(retired);
}

static struct qsbr_delays unmeasured; /* of blocks of any table */

static void *allocate_block(size_t bytes)
{
    struct block *const b = map_zeroed(1, sizeof *b + bytes);
    return b ? b->bytes : NULL;
}

static void free_block(void *memory, size_t bytes, bool readers)
{
    struct block *const b = caa_container_of(memory, struct block, bytes);
    (void)bytes;
    if (readers)
        qsbr_retire(&b->retired, &unmeasured, free_retired);
    else
        map_free(b);
}

static struct ck_malloc allocator = {.malloc = allocate_block, .free = free_block};

static void hash_key(ck_ht_hash_t *hash, const void *key, size_t bytes, uint64_t seed)
{
    uint64_t k;
    (void)seed;
    memcpy(&k, key, bytes);
    hash->value = table_hash(k);
}

static void *make_map(const struct map_needs *needs)
{
    struct map *const map = map_zeroed_line(sizeof *map);
    if (!map)
        return NULL;
    qsbr_map_init(&map->base, needs);
    if (ck_ht_init(&map->table, CK_HT_MODE_DIRECT, hash_key, &allocator, needs->keys * 2, 1))
        return map;
    qsbr_map_fini(&map->base);
    map_free(map);
    return NULL;
}

static void destroy_map(void *of)
{
    struct map *const map = of;
    ck_ht_iterator_t at = CK_HT_ITERATOR_INITIALIZER;
    ck_ht_entry_t *entry;
    qsbr_wait();
    while (ck_ht_next(&map->table, &at, &entry))
        map_free((void *)ck_ht_entry_value_direct(entry));
    ck_ht_destroy(&map->table);
    qsbr_map_fini(&map->base);
    map_free(map);
}

/* The table has marks in place of the keys 0 and 2^64 - 1. */
static uintptr_t stored_key(uint64_t key)
{
    return (uintptr_t)key + 1;
}

static ck_ht_hash_t hash_of(struct map *map, uint64_t key)
{
    ck_ht_hash_t hash;
    ck_ht_hash_direct(&hash, &map->table, stored_key(key));
    return hash;
}

static const struct value *find_value(struct map *map, uint64_t key)
{
    ck_ht_entry_t entry;
    ck_ht_entry_key_set_direct(&entry, stored_key(key));
    if (!ck_ht_get_spmc(&map->table, hash_of(map, key), &entry))
        return NULL;
    const struct value *const found = (const struct value *)ck_ht_entry_value_direct(&entry);
    qsbr_receive(found);
    return found;
}

static bool get_value(void *of, uint64_t key, uint64_t *value)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    const struct value *const found = find_value(map, key);
    if (found)
        table_copy_words(value, found->words, map->base.words);
    qsbr_done(self);
    return found;
}

/* With the writers' lock. */
static enum map_written set_value(
    struct map *map, uint64_t key, const uint64_t *words, bool only_new)
{
    ck_ht_entry_t entry;
    const ck_ht_hash_t hash = hash_of(map, key);
    struct value *const new =
        only_new &&find_value(map, key) ? NULL : value_new(words, map->base.words);
    if (!new)
        return only_new && find_value(map, key) ? MAP_KEPT : MAP_NO_MEMORY;
    ck_ht_entry_set_direct(&entry, hash, stored_key(key), (uintptr_t) new);
    if (!ck_ht_set_spmc(&map->table, hash, &entry)) {
        map_free(new);
        return MAP_NO_MEMORY;
    }
    if (ck_ht_entry_empty(&entry))
        return only_new ? MAP_CHANGED : MAP_ADDED;
    struct value *const old = (struct value *)ck_ht_entry_value_direct(&entry);
    value_retire(old, &map->base.delays);
    return MAP_CHANGED;
}

static enum map_written write_key(
    struct qsbr_self *self, uint64_t key, const uint64_t *value, bool only_new)
{
    struct map *const map = self->map;
    qsbr_lock(&map->base.writer);
    const enum map_written done = set_value(map, key, value, only_new);
    pthread_mutex_unlock(&map->base.writer);
    qsbr_done(self);
    return done;
}

static enum map_written put_value(void *self, uint64_t key, const uint64_t *value)
{
    return write_key(self, key, value, false);
}

static enum map_written insert_value(void *self, uint64_t key, const uint64_t *value)
{
    return write_key(self, key, value, true);
}

static enum map_written remove_key(void *of, uint64_t key)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    ck_ht_entry_t entry;
    ck_ht_entry_key_set_direct(&entry, stored_key(key));
    qsbr_lock(&map->base.writer);
    const bool removed = ck_ht_remove_spmc(&map->table, hash_of(map, key), &entry);
    pthread_mutex_unlock(&map->base.writer);
    if (removed) {
        struct value *const old = (struct value *)ck_ht_entry_value_direct(&entry);
        value_retire(old, &map->base.delays);
    }
    qsbr_done(self);
    return removed ? MAP_CHANGED : MAP_KEPT;
}

/* The table's iterator is not for a table that changes meanwhile. */
static bool iterate_map(void *of, map_visit *visit, void *context)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    ck_ht_iterator_t at = CK_HT_ITERATOR_INITIALIZER;
    ck_ht_entry_t *entry;
    qsbr_lock(&map->base.writer);
    while (ck_ht_next(&map->table, &at, &entry))
        visit(context, ck_ht_entry_key_direct(entry) - 1,
            ((const struct value *)ck_ht_entry_value_direct(entry))->words);
    pthread_mutex_unlock(&map->base.writer);
    qsbr_done(self);
    return true;
}

static uint64_t count_keys(void *of)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    qsbr_lock(&map->base.writer);
    const uint64_t count = ck_ht_count(&map->table);
    pthread_mutex_unlock(&map->base.writer);
    qsbr_done(self);
    return count;
}

MAP_STRATEGY(ck) = {
    QSBR_FUNCTIONS,
    .name = NAME,
    .summary = SUMMARY,
    .snapshot = true,
};
#else
MAP_STRATEGY(ck) = {
    .abi = MAP_ABI, .name = NAME, .summary = SUMMARY, .missing = "liburcu and Concurrency Kit"};
#endif
