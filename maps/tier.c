/* SPDX-License-Identifier: MIT
 * Values, entries and tiers. */
#include "maps/map.h" /* something, where there is nothing else */

#ifdef HAVE_URCU
#include "maps/memory.h"
#include "maps/tier.h"

struct value value_expunged;

static bool has_value(const struct value *v)
{
    return v && v != &value_expunged;
}

const struct value *entry_value(const struct entry *entry)
{
    const struct value *const v = atomic_load_explicit(&entry->value, memory_order_acquire);
    return has_value(v) ? v : NULL;
}

bool entry_exchange(struct entry *entry, struct value *new, bool only_new,
    struct qsbr_delays *delays, enum map_written *done)
{
    struct value *old = atomic_load_explicit(&entry->value, memory_order_acquire);
    do {
        if (old == &value_expunged)
            return false;
        *done = only_new && old ? MAP_KEPT : old || only_new ? MAP_CHANGED : MAP_ADDED;
        if (*done == MAP_KEPT)
            return true;
    } while (!atomic_compare_exchange_weak_explicit(
        &entry->value, &old, new, memory_order_acq_rel, memory_order_acquire));
    if (old)
        value_retire(old, delays);
    return true;
}

bool entry_clear(struct entry *entry, struct qsbr_delays *delays)
{
    struct value *old = atomic_load_explicit(&entry->value, memory_order_acquire);
    do {
        if (!has_value(old))
            return false;
    } while (!atomic_compare_exchange_weak_explicit(
        &entry->value, &old, NULL, memory_order_acq_rel, memory_order_acquire));
    value_retire(old, delays);
    return true;
}

void entry_free(struct qsbr_retired *entry)
{
    struct entry *const e = (struct entry *)(void *)entry;
    struct value *const v = atomic_load_explicit(&e->value, memory_order_relaxed);
    if (v != &value_expunged)
        map_free(v);
    map_free(e);
}

struct tier *tier_new(uint64_t keys)
{
    struct tier *const t = map_zeroed(1, sizeof *t);
    if (t && table_init(&t->table, keys, 1) == 0)
        return t;
    map_free(t);
    return NULL;
}

struct entry *tier_entry(const struct tier *tier, uint64_t key)
{
    const uint64_t *const found = table_find(&tier->table, key);
    return found ? (struct entry *)(uintptr_t)*found : NULL;
}

struct copying {
    const struct tier *from;
    struct table *to;
};

static void copy_entry(void *context, uint64_t key, const uint64_t *at)
{
    const struct copying *const c = context;
    struct entry *const e = (struct entry *)(uintptr_t)*at;
    struct value *none = NULL;
    if (atomic_load_explicit(&e->value, memory_order_relaxed) != &value_expunged)
        e->left = c->from;
    if (!atomic_compare_exchange_strong_explicit(
            &e->value, &none, &value_expunged, memory_order_acq_rel, memory_order_acquire) &&
        none != &value_expunged)
        table_put(c->to, key, at);
}

void tier_copy(struct tier *from, struct table *to)
{
    table_visit(&from->table, copy_entry, &(struct copying){from, to});
}

/* One that is expunged by now may be so in a later tier. */
static void free_if_left(void *tier, uint64_t key, const uint64_t *at)
{
    struct entry *const e = (struct entry *)(uintptr_t)*at;
    (void)key;
    if (e->left == tier && atomic_load_explicit(&e->value, memory_order_relaxed) == &value_expunged)
        entry_free(&e->retired);
}

void tier_free(struct qsbr_retired *tier)
{
    struct tier *const t = (struct tier *)(void *)tier;
    table_visit(&t->table, free_if_left, t);
    table_fini(&t->table);
    map_free(t);
}
#endif
