/* SPDX-License-Identifier: MIT
 * No map: every op returns at once. What it takes is what the instrument adds to the others. */
#include "maps/map.h"

static char nothing;

static void *make_map(const struct map_needs *needs)
{
    (void)needs;
    return &nothing;
}

static void destroy_map(void *map)
{
    (void)map;
}

static void *join_map(void *map, unsigned thread)
{
    (void)thread;
    return map;
}

static bool get_value(void *self, uint64_t key, uint64_t *value)
{
    (void)self;
    (void)key;
    (void)value;
    return false;
}

static enum map_written put_value(void *self, uint64_t key, const uint64_t *value)
{
    (void)self;
    (void)key;
    (void)value;
    return MAP_CHANGED;
}

static enum map_written insert_value(void *self, uint64_t key, const uint64_t *value)
{
    return put_value(self, key, value);
}

static enum map_written remove_key(void *self, uint64_t key)
{
    (void)self;
    (void)key;
    return MAP_KEPT;
}

static bool iterate_map(void *self, map_visit *visit, void *context)
{
    (void)self;
    (void)visit;
    (void)context;
    return true;
}

static uint64_t count_keys(void *self)
{
    (void)self;
    return 0;
}

MAP_STRATEGY(none) = {
    MAP_FUNCTIONS,
    .name = "none",
    .summary = "no map: what the instrument itself takes",
    .join = join_map,
    .leave = destroy_map,
};
