/* SPDX-License-Identifier: MIT
 * MAP_SHARDS tables, each next to its lock and its size counter; ALIGN is the distance from one to
 * the next that is asked for, and 8 means natural packing. A key's shard is chosen by bits of the
 * hash that the table does not use. */
#include "maps/memory.h"
#include "maps/table.h"

#include <pthread.h>

struct shard {
    _Alignas(ALIGN) pthread_mutex_t lock;
    struct table table; /* with its count */
};

enum { PAGE = 4096 };
struct map {
    _Alignas(PAGE) struct shard shard[MAP_SHARDS];
    bool copies;
};

static void destroy_map(void *of)
{
    struct map *const map = of;
    for (unsigned i = 0; i < MAP_SHARDS; i++) {
        table_fini(&map->shard[i].table);
        pthread_mutex_destroy(&map->shard[i].lock);
    }
    map_free(map);
}

static void *make_map(const struct map_needs *needs)
{
    struct map *const map = map_zeroed_page(sizeof *map);
    bool failed = !map;
    if (!map)
        return NULL;
    map->copies = needs->copies;
    for (unsigned i = 0; i < MAP_SHARDS; i++) {
        failed |= pthread_mutex_init(&map->shard[i].lock, NULL) != 0;
        failed |= table_init(&map->shard[i].table, needs->keys / MAP_SHARDS, needs->words) != 0;
    }
    if (!failed)
        return map;
    destroy_map(map);
    return NULL;
}

/* Nothing is kept for a thread. */
static void *join_map(void *map, unsigned thread)
{
    (void)thread;
    return map;
}

static void leave_map(void *self)
{
    (void)self;
}

static struct shard *lock_shard(void *self, uint64_t key)
{
    struct map *const map = self;
    struct shard *const shard = &map->shard[table_hash(key) >> 58];
    pthread_mutex_lock(&shard->lock);
    return shard;
}

static bool get_value(void *self, uint64_t key, uint64_t *value)
{
    struct shard *const shard = lock_shard(self, key);
    const bool found = table_get(&shard->table, key, value);
    pthread_mutex_unlock(&shard->lock);
    return found;
}

static enum map_written put_value(void *self, uint64_t key, const uint64_t *value)
{
    struct shard *const shard = lock_shard(self, key);
    const enum map_written done = table_put(&shard->table, key, value);
    pthread_mutex_unlock(&shard->lock);
    return done;
}

static enum map_written insert_value(void *self, uint64_t key, const uint64_t *value)
{
    struct shard *const shard = lock_shard(self, key);
    const enum map_written done = table_insert(&shard->table, key, value);
    pthread_mutex_unlock(&shard->lock);
    return done;
}

static enum map_written remove_key(void *self, uint64_t key)
{
    struct shard *const shard = lock_shard(self, key);
    const enum map_written done = table_remove(&shard->table, key);
    pthread_mutex_unlock(&shard->lock);
    return done;
}

static bool visit_copy(struct shard *shard, map_visit *visit, void *context)
{
    struct table copy;
    pthread_mutex_lock(&shard->lock);
    const int failed = table_copy(&copy, &shard->table);
    pthread_mutex_unlock(&shard->lock);
    if (failed)
        return false;
    table_visit(&copy, visit, context);
    table_fini(&copy);
    return true;
}

static bool iterate_map(void *self, map_visit *visit, void *context)
{
    struct map *const map = self;
    bool whole = true;
    for (unsigned i = 0; i < MAP_SHARDS && whole; i++) {
        struct shard *const shard = &map->shard[i];
        if (map->copies) {
            whole = visit_copy(shard, visit, context);
            continue;
        }
        pthread_mutex_lock(&shard->lock);
        table_visit(&shard->table, visit, context);
        pthread_mutex_unlock(&shard->lock);
    }
    return whole;
}

static uint64_t count_keys(void *self)
{
    struct map *const map = self;
    uint64_t sum = 0;
    for (unsigned i = 0; i < MAP_SHARDS; i++) {
        pthread_mutex_lock(&map->shard[i].lock);
        sum += map->shard[i].table.count;
        pthread_mutex_unlock(&map->shard[i].lock);
    }
    return sum;
}

MAP_STRATEGY(sharded) = {
    MAP_FUNCTIONS,
    .name = "sharded",
    .align = ALIGN,
    .copies = true,
    .summary = "64 tables, each next to its mutex and its size",
    .join = join_map,
    .leave = leave_map,
};
