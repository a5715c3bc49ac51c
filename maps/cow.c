/* SPDX-License-Identifier: MIT
 * An immutable table behind one pointer: a reader loads the pointer and nothing else that is
 * written; each write copies the table, changes the copy and replaces the pointer. */
#include "maps/map.h"

#define NAME "cow"
#define SUMMARY "copy-on-write: an immutable table behind a pointer, freed by liburcu's QSBR"
#if defined HAVE_URCU
#include "maps/memory.h"
#include "maps/qsbr.h"
#include "maps/table.h"

struct version {
    struct qsbr_retired retired; /* first */
    struct table table;
};

enum { LINE = 128 };
struct map {
    struct qsbr_map base; /* first */
    _Alignas(LINE) _Atomic(struct version *) now;
};

static void free_version(struct qsbr_retired *retired)
{
    struct version *const v = (struct version *)(void *)retired;
    table_fini(&v->table);
    map_free(v);
}

static void destroy_map(void *of)
{
    struct map *const map = of;
    qsbr_wait();
    if (map->now)
        free_version(&map->now->retired);
    qsbr_map_fini(&map->base);
    map_free(map);
}

static void *make_map(const struct map_needs *needs)
{
    struct map *const map = map_zeroed_line(sizeof *map);
    struct version *const first = map ? map_zeroed(1, sizeof *first) : NULL;
    if (!first || table_init(&first->table, needs->keys, needs->words)) {
        map_free(first);
        map_free(map);
        return NULL;
    }
    map->now = first;
    qsbr_map_init(&map->base, needs);
    return map;
}

static const struct table *current(const struct qsbr_self *self)
{
    const struct map *const map = self->map;
    return &atomic_load_explicit(&map->now, memory_order_acquire)->table;
}

static bool get_value(void *of, uint64_t key, uint64_t *value)
{
    struct qsbr_self *const self = of;
    const bool found = table_get(current(self), key, value);
    qsbr_done(self);
    return found;
}

enum change { PUT, INSERT, REMOVE };

static enum map_written change_table(
    struct table *t, enum change change, uint64_t key, const uint64_t *value)
{
    return change == PUT      ? table_put(t, key, value)
           : change == INSERT ? table_insert(t, key, value)
                              : table_remove(t, key);
}

/* With the writers' lock. What changes nothing copies nothing. */
static enum map_written replace_version(
    struct map *map, enum change change, uint64_t key, const uint64_t *value)
{
    struct version *const old = atomic_load_explicit(&map->now, memory_order_relaxed);
    const bool there = table_find(&old->table, key);
    if ((change == INSERT && there) || (change == REMOVE && !there))
        return MAP_KEPT;
    struct version *const new = map_zeroed(1, sizeof *new);
    if (!new || table_copy(&new->table, &old->table)) {
        map_free(new);
        return MAP_NO_MEMORY;
    }
    const enum map_written done = change_table(&new->table, change, key, value);
    if (done == MAP_NO_MEMORY) {
        free_version(&new->retired);
        return done;
    }
    atomic_store_explicit(&map->now, new, memory_order_release);
    qsbr_retire(&old->retired, &map->base.delays, free_version);
    return done;
}

static enum map_written write_key(
    struct qsbr_self *self, enum change change, uint64_t key, const uint64_t *value)
{
    struct map *const map = self->map;
    qsbr_lock(&map->base.writer);
    const enum map_written done = replace_version(map, change, key, value);
    pthread_mutex_unlock(&map->base.writer);
    qsbr_done(self);
    return done;
}

static enum map_written put_value(void *self, uint64_t key, const uint64_t *value)
{
    return write_key(self, PUT, key, value);
}

static enum map_written insert_value(void *self, uint64_t key, const uint64_t *value)
{
    return write_key(self, INSERT, key, value);
}

static enum map_written remove_key(void *self, uint64_t key)
{
    return write_key(self, REMOVE, key, NULL);
}

/* Before others have joined. */
static bool fill_map(void *of, const struct table *from)
{
    struct qsbr_self *const self = of;
    struct version *const now = ((struct map *)self->map)->now;
    table_fini(&now->table);
    return table_copy(&now->table, from) == 0;
}

static bool iterate_map(void *of, map_visit *visit, void *context)
{
    struct qsbr_self *const self = of;
    table_visit(current(self), visit, context);
    qsbr_done(self);
    return true;
}

static uint64_t count_keys(void *of)
{
    struct qsbr_self *const self = of;
    const uint64_t count = current(self)->count;
    qsbr_done(self);
    return count;
}

MAP_STRATEGY(cow) = {
    QSBR_FUNCTIONS,
    .name = NAME,
    .summary = SUMMARY,
    .snapshot = true,
    .fill = fill_map,
};
#else
MAP_STRATEGY(cow) = {.abi = MAP_ABI, .name = NAME, .summary = SUMMARY, .missing = "liburcu"};
#endif
