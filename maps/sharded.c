/* SPDX-License-Identifier: MIT
 * MAP_SHARDS tables, each next to its lock and its size counter; ALIGN is the distance from one to
 * the next that is asked for, and 8 means natural packing. A key's shard is chosen by bits of the
 * hash that the table does not use. Where threads have homes, shard i lies at that of thread
 * i mod threads, next to the other shards of that owner; else all are one array. */
#include "maps/memory.h"
#include "maps/table.h"

#include <pthread.h>

struct shard {
    _Alignas(ALIGN) pthread_mutex_t lock;
    struct table table; /* with its count */
};

/* Only read once it is made. */
struct map {
    struct shard *shard[MAP_SHARDS];
    const struct map_home *const *home; /* of the owners; NULL: there is one, without a home */
    unsigned owners;
    bool copies;
};

static const struct map_home *shard_home(const struct map *map, unsigned shard)
{
    return map->home ? map->home[shard % map->owners] : NULL;
}

/* Of shard `owner`, and each so many further. */
static size_t block_bytes(const struct map *map, unsigned owner)
{
    return (MAP_SHARDS - owner + map->owners - 1) / map->owners * sizeof(struct shard);
}

static void free_shards(struct map *map)
{
    for (unsigned i = 0; i < MAP_SHARDS; i++) {
        table_fini(&map->shard[i]->table);
        pthread_mutex_destroy(&map->shard[i]->lock);
    }
}

static void free_map(struct map *map)
{
    for (unsigned i = 0; i < map->owners; i++)
        map_free_home(shard_home(map, i), map->shard[i], block_bytes(map, i));
    map_free(map);
}

static void destroy_map(void *map)
{
    free_shards(map);
    free_map(map);
}

static bool make_block(struct map *map, unsigned owner)
{
    struct shard *const block = map_zeroed_home(shard_home(map, owner), block_bytes(map, owner));
    for (unsigned i = owner; block && i < MAP_SHARDS; i += map->owners)
        map->shard[i] = &block[i / map->owners];
    return block;
}

static bool make_blocks(struct map *map)
{
    bool done = true;
    for (unsigned i = 0; i < map->owners && done; i++)
        done = make_block(map, i);
    return done;
}

/* All of them, so that all can be freed. */
static bool make_shards(struct map *map, const struct map_needs *needs)
{
    bool failed = false;
    for (unsigned i = 0; i < MAP_SHARDS; i++) {
        struct shard *const s = map->shard[i];
        failed |= pthread_mutex_init(&s->lock, NULL) != 0;
        failed |= table_init_home(
                      &s->table, needs->keys / MAP_SHARDS, needs->words, shard_home(map, i)) != 0;
    }
    return !failed;
}

static void *make_map(const struct map_needs *needs)
{
    struct map *const map = map_zeroed_line(sizeof *map);
    if (!map)
        return NULL;
    const unsigned homes = needs->home ? needs->threads : 1;
    map->owners = homes < MAP_SHARDS ? homes : MAP_SHARDS;
    map->home = needs->home;
    map->copies = needs->copies;
    if (!make_blocks(map)) {
        free_map(map);
        return NULL;
    }
    if (make_shards(map, needs))
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
    struct shard *const shard = map->shard[table_hash(key) >> 58];
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
        struct shard *const shard = map->shard[i];
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
        pthread_mutex_lock(&map->shard[i]->lock);
        sum += map->shard[i]->table.count;
        pthread_mutex_unlock(&map->shard[i]->lock);
    }
    return sum;
}

MAP_STRATEGY(sharded) = {
    MAP_FUNCTIONS,
    .name = "sharded",
    .align = ALIGN,
    .copies = true,
    .homes = true,
    .summary = "64 tables, each next to its mutex and its size",
    .join = join_map,
    .leave = leave_map,
};
