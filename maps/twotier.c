/* SPDX-License-Identifier: MIT
 * Two tiers, the algorithm of Go's sync.Map up to Go 1.23 (its source's comments describe it): a
 * table that readers use without a lock, whose entries are changed by atomics, and next to it,
 * under a lock, a dirty table with the keys that came since. As many misses as the dirty table has
 * keys promote it: it becomes the one for readers. A delete only marks the entry.
 *
 * Go's garbage collector frees what is replaced; here liburcu's QSBR does. */
#include "maps/map.h"

#define NAME "twotier"
#define SUMMARY "a table without a lock next to one under a lock, as Go's sync.Map up to 1.23"
#if defined HAVE_URCU
#include "maps/memory.h"
#include "maps/tier.h"

#include <string.h>

enum { LINE = 128 };
struct map {
    struct qsbr_map base; /* first */
    _Alignas(LINE) _Atomic(struct tier *) read;
    _Alignas(LINE) struct tier
        *dirty; /* this and what follows with the writers' lock; NULL: as `read` */
    uint64_t misses;
    uint64_t promotions, promoting_ns, promoting_most_ns;
};

static void *make_map(const struct map_needs *needs)
{
    struct map *const map = map_zeroed_line(sizeof *map);
    struct tier *const first = map ? tier_new(needs->keys) : NULL;
    if (!first) {
        map_free(map);
        return NULL;
    }
    map->read = first;
    qsbr_map_init(&map->base, needs);
    return map;
}

static void free_any(void *context, uint64_t key, const uint64_t *at)
{
    (void)context;
    (void)key;
    entry_free(&((struct entry *)(uintptr_t)*at)->retired);
}

static void destroy_map(void *of)
{
    struct map *const map = of;
    qsbr_wait();
    if (map->dirty) { /* has all entries of `read` but the expunged ones, which go first */
        tier_free(&map->read->retired);
        table_visit(&map->dirty->table, free_any, NULL);
        table_fini(&map->dirty->table);
        map_free(map->dirty);
    } else {
        table_visit(&map->read->table, free_any, NULL);
        table_fini(&map->read->table);
        map_free(map->read);
    }
    qsbr_map_fini(&map->base);
    map_free(map);
}

static struct tier *read_tier(const struct map *map)
{
    return atomic_load_explicit(&map->read, memory_order_acquire);
}

/* With the lock, which began to be held at `since`. */
static void promote(struct map *map, uint64_t since)
{
    struct tier *const old = read_tier(map);
    atomic_store_explicit(&map->read, map->dirty, memory_order_release);
    map->dirty = NULL;
    map->misses = 0;
    qsbr_retire(&old->retired, &map->base.delays, tier_free);
    const uint64_t took = qsbr_now_ns() - since;
    map->promotions++;
    map->promoting_ns += took;
    map->promoting_most_ns = took > map->promoting_most_ns ? took : map->promoting_most_ns;
}

static void count_miss(struct map *map)
{
    if (++map->misses >= map->dirty->table.count)
        promote(map, qsbr_now_ns());
}

/* The key's entry, by the readers' tier if it is there. */
static struct entry *look_up(struct map *map, uint64_t key)
{
    struct tier *t = read_tier(map);
    struct entry *e = tier_entry(t, key);
    if (e || !atomic_load_explicit(&t->amended, memory_order_acquire))
        return e;
    qsbr_lock(&map->base.writer);
    t = read_tier(map); /* it may have been promoted meanwhile */
    e = tier_entry(t, key);
    if (!e && map->dirty) {
        e = tier_entry(map->dirty, key);
        count_miss(map);
    }
    pthread_mutex_unlock(&map->base.writer);
    return e;
}

static bool get_value(void *of, uint64_t key, uint64_t *value)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    const struct entry *const e = look_up(map, key);
    const struct value *const found = e ? entry_value(e) : NULL;
    if (found)
        table_copy_words(value, found->words, map->base.words);
    qsbr_done(self);
    return found;
}

/* With the lock: the dirty table, made if need be; NULL: no memory. */
static struct tier *make_dirty(struct map *map)
{
    struct tier *const read = read_tier(map);
    if (map->dirty)
        return map->dirty;
    struct tier *const new = tier_new(read->table.count + 1);
    if (!new)
        return NULL;
    tier_copy(read, &new->table);
    map->dirty = new;
    atomic_store_explicit(&read->amended, true, memory_order_release);
    return new;
}

static enum map_written add_entry(struct map *map, uint64_t key, struct value *new)
{
    struct entry *const e = map_zeroed(1, sizeof *e);
    struct tier *const dirty = e ? make_dirty(map) : NULL;
    const uint64_t at = (uint64_t)(uintptr_t)e;
    if (!dirty || table_put(&dirty->table, key, &at) == MAP_NO_MEMORY) {
        map_free(e);
        return MAP_NO_MEMORY;
    }
    atomic_store_explicit(&e->value, new, memory_order_release);
    return MAP_ADDED;
}

/* With the lock: puts an expunged entry of the readers' tier into the dirty one. */
static bool restore_entry(struct map *map, uint64_t key, struct entry *e)
{
    const uint64_t at = (uint64_t)(uintptr_t)e;
    if (atomic_load_explicit(&e->value, memory_order_acquire) != &value_expunged)
        return true;
    if (table_put(&map->dirty->table, key, &at) == MAP_NO_MEMORY)
        return false;
    atomic_store_explicit(&e->value, NULL, memory_order_release);
    return true;
}

static enum map_written write_locked(
    struct map *map, uint64_t key, struct value *new, bool only_new)
{
    enum map_written done = MAP_NO_MEMORY;
    struct entry *e = tier_entry(read_tier(map), key);
    if (e && !restore_entry(map, key, e))
        return MAP_NO_MEMORY;
    const bool missed = !e && map->dirty;
    if (missed)
        e = tier_entry(map->dirty, key);
    if (!e)
        return add_entry(map, key, new);
    entry_exchange(e, new, only_new, &map->base.delays, &done);
    if (missed && only_new)
        count_miss(map);
    return done;
}

static enum map_written write_key(
    struct qsbr_self *self, uint64_t key, const uint64_t *value, bool only_new)
{
    struct map *const map = self->map;
    struct value *const new = value_new(value, map->base.words);
    struct entry *const e = new ? tier_entry(read_tier(map), key) : NULL;
    enum map_written done = MAP_NO_MEMORY;
    if (new && !(e && entry_exchange(e, new, only_new, &map->base.delays, &done))) {
        qsbr_lock(&map->base.writer);
        done = write_locked(map, key, new, only_new);
        pthread_mutex_unlock(&map->base.writer);
    }
    if (done == MAP_KEPT || done == MAP_NO_MEMORY)
        map_free(new); /* nobody has seen it */
    qsbr_done(self);
    return done;
}

static enum map_written put_value(void *self, uint64_t key, const uint64_t *value)
{
    return write_key(self, key, value, false);
}

static enum map_written insert_value(void *self, uint64_t key, const uint64_t *value)
{
    const enum map_written done = write_key(self, key, value, true);
    return done == MAP_ADDED ? MAP_CHANGED : done;
}

/* A key that only the dirty table has is taken out of it. */
static bool remove_dirty(struct map *map, uint64_t key)
{
    struct entry *const e = tier_entry(map->dirty, key);
    if (e)
        table_remove(&map->dirty->table, key);
    const bool removed = e && entry_clear(e, &map->base.delays);
    if (e)
        qsbr_retire(&e->retired, &map->base.delays, entry_free);
    count_miss(map);
    return removed;
}

static enum map_written remove_key(void *of, uint64_t key)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    struct tier *t = read_tier(map);
    struct entry *e = tier_entry(t, key);
    bool removed = false;
    if (!e && atomic_load_explicit(&t->amended, memory_order_acquire)) {
        qsbr_lock(&map->base.writer);
        t = read_tier(map);
        e = tier_entry(t, key);
        if (!e && map->dirty)
            removed = remove_dirty(map, key);
        pthread_mutex_unlock(&map->base.writer);
    }
    if (e)
        removed = entry_clear(e, &map->base.delays);
    qsbr_done(self);
    return removed ? MAP_CHANGED : MAP_KEPT;
}

struct visiting {
    map_visit *visit;
    void *context;
};

static void visit_entry(void *of, uint64_t key, const uint64_t *at)
{
    const struct visiting *const v = of;
    const struct entry *const e = (const struct entry *)(uintptr_t)*at;
    const struct value *const value = entry_value(e);
    if (value)
        v->visit(v->context, key, value->words);
}

/* Promotes first, so that all keys are in the readers' tier. */
static bool iterate_map(void *of, map_visit *visit, void *context)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    if (atomic_load_explicit(&read_tier(map)->amended, memory_order_acquire)) {
        qsbr_lock(&map->base.writer);
        const uint64_t since = qsbr_now_ns();
        if (map->dirty)
            promote(map, since);
        pthread_mutex_unlock(&map->base.writer);
    }
    table_visit(&read_tier(map)->table, visit_entry, &(struct visiting){visit, context});
    qsbr_done(self);
    return true;
}

static void count_one(void *context, uint64_t key, const uint64_t *value)
{
    (void)key;
    (void)value;
    ++*(uint64_t *)context;
}

/* sync.Map has no length: it is iterated. */
static uint64_t count_keys(void *self)
{
    uint64_t count = 0;
    iterate_map(self, count_one, &count);
    return count;
}

static void count_promotions(void *of, struct map_facts *facts)
{
    const struct map *const map = of;
    qsbr_facts(of, facts);
    facts->promotions = map->promotions;
    facts->promoting_ns = (double)map->promoting_ns;
    facts->promoting_most_ns = (double)map->promoting_most_ns;
}

MAP_STRATEGY(twotier) = {
    MAP_FUNCTIONS,
    .join = qsbr_join,
    .leave = qsbr_leave,
    .facts = count_promotions,
    .name = NAME,
    .summary = SUMMARY,
};
#else
MAP_STRATEGY(twotier) = {.abi = MAP_ABI, .name = NAME, .summary = SUMMARY, .missing = "liburcu"};
#endif
