/* A strategy of one's own for numaprobe maps --strategy ./spinmap.c (docs/maps.md): a table of
 * fixed size under a spinlock. */
#include "maps/map.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct spinmap {
    atomic_flag lock;
    uint64_t slots, count;
    unsigned words;
    uint64_t *slot; /* of each: 0, or the key + 1; then the value */
};

static uint64_t *slot_of(struct spinmap *m, uint64_t i)
{
    return m->slot + i % m->slots * (m->words + 1);
}

static void lock(struct spinmap *m)
{
    while (atomic_flag_test_and_set_explicit(&m->lock, memory_order_acquire))
        ;
}

static void unlock(struct spinmap *m)
{
    atomic_flag_clear_explicit(&m->lock, memory_order_release);
}

static void *make_map(const struct map_needs *needs)
{
    struct spinmap *const m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->words = needs->words;
    m->slots = 2 * needs->keys + 1000000; /* room for what a load inserts */
    m->slot = calloc(m->slots, (needs->words + 1) * 8);
    if (m->slot)
        return m;
    free(m);
    return NULL;
}

static void destroy_map(void *map)
{
    struct spinmap *const m = map;
    free(m->slot);
    free(m);
}

static void *join_map(void *map, unsigned thread)
{
    (void)thread;
    return map;
}

static void leave_map(void *self)
{
    (void)self;
}

/* Where the key is, or belongs. */
static uint64_t find(struct spinmap *m, uint64_t key)
{
    uint64_t i = key * 0x9e3779b97f4a7c15 >> 20;
    while (*slot_of(m, i) && *slot_of(m, i) != key + 1)
        i++;
    return i % m->slots;
}

static bool get_value(void *self, uint64_t key, uint64_t *value)
{
    struct spinmap *const m = self;
    lock(m);
    const uint64_t *const slot = slot_of(m, find(m, key));
    const bool found = *slot;
    if (found)
        memcpy(value, slot + 1, m->words * 8);
    unlock(m);
    return found;
}

static enum map_written write_value(
    struct spinmap *m, uint64_t key, const uint64_t *value, bool put)
{
    lock(m);
    uint64_t *const slot = slot_of(m, find(m, key));
    const bool there = *slot;
    if (!there || put)
        memcpy(slot + 1, value, m->words * 8);
    *slot = key + 1;
    m->count += !there;
    unlock(m);
    return put ? there ? MAP_CHANGED : MAP_ADDED : there ? MAP_KEPT : MAP_CHANGED;
}

static enum map_written put_value(void *self, uint64_t key, const uint64_t *value)
{
    return write_value(self, key, value, true);
}

static enum map_written insert_value(void *self, uint64_t key, const uint64_t *value)
{
    return write_value(self, key, value, false);
}

/* Those behind it that would not be found any more move up. */
static enum map_written remove_key(void *self, uint64_t key)
{
    struct spinmap *const m = self;
    lock(m);
    uint64_t hole = find(m, key);
    const bool there = *slot_of(m, hole);
    m->count -= there;
    *slot_of(m, hole) = 0;
    for (uint64_t i = hole + 1; there && *slot_of(m, i); i++) {
        uint64_t *const slot = slot_of(m, i);
        const uint64_t other = *slot - 1;
        *slot = 0;
        memcpy(slot_of(m, find(m, other)) + 1, slot + 1, m->words * 8);
        *slot_of(m, find(m, other)) = other + 1;
    }
    unlock(m);
    return there ? MAP_CHANGED : MAP_KEPT;
}

static bool iterate_map(void *self, map_visit *visit, void *context)
{
    struct spinmap *const m = self;
    lock(m);
    for (uint64_t i = 0; i < m->slots; i++)
        if (*slot_of(m, i))
            visit(context, *slot_of(m, i) - 1, slot_of(m, i) + 1);
    unlock(m);
    return true;
}

static uint64_t count_keys(void *self)
{
    struct spinmap *const m = self;
    lock(m);
    const uint64_t count = m->count;
    unlock(m);
    return count;
}

const struct map_strategy map_strategy = {
    MAP_FUNCTIONS,
    .name = "spinmap",
    .summary = "a table under a spinlock",
    .snapshot = true,
    .join = join_map,
    .leave = leave_map,
};
