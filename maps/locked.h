/* SPDX-License-Identifier: MIT
 * A strategy that is one table under one lock. It defines the lock and includes this:
 *
 *   struct lock;
 *   static bool lock_init(struct lock *, unsigned threads);     false: no memory
 *   static void lock_fini(struct lock *);
 *   static void begin_read(struct lock *, unsigned thread), end_read(struct lock *, unsigned
 * thread); static void begin_write(struct lock *), end_write(struct lock *);
 *
 * and then names itself by MAP_STRATEGY and LOCKED_FUNCTIONS. */
#ifndef MAPS_LOCKED_H
#define MAPS_LOCKED_H

#include "maps/memory.h"
#include "maps/table.h"

struct map {
    struct lock lock;
    struct table table;
    bool copies;
};

struct self {
    struct map *map;
    unsigned thread;
};

static void destroy_map(void *of)
{
    struct map *const map = of;
    table_fini(&map->table);
    lock_fini(&map->lock);
    map_free(map);
}

static void *make_map(const struct map_needs *needs)
{
    struct map *const map = map_zeroed_line(sizeof *map);
    if (!map)
        return NULL;
    map->copies = needs->copies;
    if (!lock_init(&map->lock, needs->threads)) {
        map_free(map);
        return NULL;
    }
    if (table_init(&map->table, needs->keys, needs->words) == 0)
        return map;
    destroy_map(map);
    return NULL;
}

static void *join_map(void *map, unsigned thread)
{
    struct self *const self = map_zeroed_line(sizeof *self);
    if (self)
        *self = (struct self){map, thread};
    return self;
}

static bool get_value(void *of, uint64_t key, uint64_t *value)
{
    const struct self *const self = of;
    begin_read(&self->map->lock, self->thread);
    const bool found = table_get(&self->map->table, key, value);
    end_read(&self->map->lock, self->thread);
    return found;
}

#define LOCKED_WRITE(name, parameters, call)                                                       \
    static enum map_written name parameters                                                        \
    {                                                                                              \
        const struct self *const self = of;                                                        \
        begin_write(&self->map->lock);                                                             \
        const enum map_written done = call;                                                        \
        end_write(&self->map->lock);                                                               \
        return done;                                                                               \
    }
LOCKED_WRITE(put_value, (void *of, uint64_t key, const uint64_t *value),
    table_put(&self->map->table, key, value))
LOCKED_WRITE(insert_value, (void *of, uint64_t key, const uint64_t *value),
    table_insert(&self->map->table, key, value))
LOCKED_WRITE(remove_key, (void *of, uint64_t key), table_remove(&self->map->table, key))
#undef LOCKED_WRITE

static bool iterate_copy(const struct self *self, map_visit *visit, void *context)
{
    struct table copy;
    begin_read(&self->map->lock, self->thread);
    const int failed = table_copy(&copy, &self->map->table);
    end_read(&self->map->lock, self->thread);
    if (failed)
        return false;
    table_visit(&copy, visit, context);
    table_fini(&copy);
    return true;
}

static bool iterate_map(void *of, map_visit *visit, void *context)
{
    const struct self *const self = of;
    if (self->map->copies)
        return iterate_copy(self, visit, context);
    begin_read(&self->map->lock, self->thread);
    table_visit(&self->map->table, visit, context);
    end_read(&self->map->lock, self->thread);
    return true;
}

static uint64_t count_keys(void *of)
{
    const struct self *const self = of;
    begin_read(&self->map->lock, self->thread);
    const uint64_t count = self->map->table.count;
    end_read(&self->map->lock, self->thread);
    return count;
}

#define LOCKED_FUNCTIONS                                                                           \
    MAP_FUNCTIONS, .snapshot = true, .copies = true, .join = join_map, .leave = map_free

#endif
