/* SPDX-License-Identifier: MIT
 * liburcu's own hash table (cds_lfht): readers take no lock and writers none that all share; each
 * key is a node of its own, and the table grows and shrinks by itself. */
#include "maps/map.h"

#define NAME "rcu"
#define SUMMARY "liburcu's hash table (cds_lfht), freed by its QSBR"
#if defined HAVE_URCU
#include "maps/memory.h"
#include "maps/qsbr.h"
#include "maps/table.h"

#include <string.h>
#include <urcu/rculfhash.h>

/* Behind the value comes a struct qsbr_retired: what a reader needs is on one line. */
struct node {
    struct cds_lfht_node link;
    uint64_t key;
    uint64_t value[];
};

enum { LINE = 128, BUCKETS_LEAST = 64 };
struct map {
    struct qsbr_map base; /* first */
    _Alignas(LINE) struct cds_lfht *table;
};

/* A power of two, about one a key: who knows how many there will be, says so, as with the others.
 */
static unsigned long buckets_for(uint64_t keys)
{
    unsigned long buckets = BUCKETS_LEAST;
    while (buckets < keys)
        buckets *= 2;
    return buckets;
}

static void *make_map(const struct map_needs *needs)
{
    const unsigned long buckets = buckets_for(needs->keys);
    struct map *const map = map_zeroed_line(sizeof *map);
    if (!map)
        return NULL;
    qsbr_map_init(&map->base, needs);
    map->table =
        cds_lfht_new(buckets, BUCKETS_LEAST, 0, CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING, NULL);
    if (map->table)
        return map;
    qsbr_map_fini(&map->base);
    map_free(map);
    return NULL;
}

static struct node *node_of(struct cds_lfht_node *link)
{
    struct node *const node = caa_container_of(link, struct node, link);
    qsbr_receive(node);
    return node;
}

static void free_node(struct qsbr_retired *retired)
{
    const struct qsbr_map *const map = caa_container_of(retired->delays, struct qsbr_map, delays);
    map_free((char *)retired - map->words * sizeof(uint64_t) - offsetof(struct node, value));
}

static void retire_node(struct map *map, struct node *node)
{
    void *const retired = node->value + map->base.words;
    qsbr_retire(retired, &map->base.delays, free_node);
}

/* Takes all nodes out of the table, and chains them by what was their key. */
static struct node *empty_table(struct cds_lfht *table)
{
    struct node *chain = NULL;
    struct cds_lfht_iter at;
    struct cds_lfht_node *link;
    for (cds_lfht_first(table, &at); (link = cds_lfht_iter_get_node(&at));) {
        cds_lfht_next(table, &at);
        if (cds_lfht_del(table, link) != 0)
            continue;
        struct node *const node = node_of(link);
        node->key = (uintptr_t)chain;
        chain = node;
    }
    return chain;
}

/* All threads have left, but the library's own that resizes the table may be on a node that has
 * just been taken out. */
static void destroy_map(void *of)
{
    struct map *const map = of;
    qsbr_wait();
    rcu_register_thread();
    struct node *node = empty_table(map->table);
    rcu_unregister_thread();
    synchronize_rcu();
    for (struct node *next; node; node = next) {
        next = (struct node *)(uintptr_t)node->key;
        map_free(node);
    }
    cds_lfht_destroy(map->table, NULL);
    qsbr_map_fini(&map->base);
    map_free(map);
}

static int has_key(struct cds_lfht_node *link, const void *key)
{
    return node_of(link)->key == *(const uint64_t *)key;
}

static struct node *find_node(const struct map *map, uint64_t key)
{
    struct cds_lfht_iter at;
    cds_lfht_lookup(map->table, table_hash(key), has_key, &key, &at);
    struct cds_lfht_node *const link = cds_lfht_iter_get_node(&at);
    return link ? node_of(link) : NULL;
}

static bool get_value(void *of, uint64_t key, uint64_t *value)
{
    struct qsbr_self *const self = of;
    const struct map *const map = self->map;
    const struct node *const node = find_node(map, key);
    if (node)
        table_copy_words(value, node->value, map->base.words);
    qsbr_done(self);
    return node;
}

static struct node *make_node(const struct map *map, uint64_t key, const uint64_t *value)
{
    const size_t bytes =
        sizeof(struct node) + map->base.words * sizeof *value + sizeof(struct qsbr_retired);
    struct node *const node = map_zeroed(1, bytes);
    if (!node)
        return NULL;
    cds_lfht_node_init(&node->link);
    node->key = key;
    table_copy_words(node->value, value, map->base.words);
    qsbr_pass(node);
    return node;
}

static enum map_written put_value(void *of, uint64_t key, const uint64_t *value)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    struct node *const node = make_node(map, key, value);
    if (!node)
        return MAP_NO_MEMORY;
    struct cds_lfht_node *const old =
        cds_lfht_add_replace(map->table, table_hash(key), has_key, &key, &node->link);
    if (old)
        retire_node(map, node_of(old));
    qsbr_done(self);
    return old ? MAP_CHANGED : MAP_ADDED;
}

static enum map_written insert_value(void *of, uint64_t key, const uint64_t *value)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    struct node *const node = make_node(map, key, value);
    if (!node)
        return MAP_NO_MEMORY;
    const bool added =
        cds_lfht_add_unique(map->table, table_hash(key), has_key, &key, &node->link) == &node->link;
    if (!added)
        map_free(node);
    qsbr_done(self);
    return added ? MAP_CHANGED : MAP_KEPT;
}

static enum map_written remove_key(void *of, uint64_t key)
{
    struct qsbr_self *const self = of;
    struct map *const map = self->map;
    struct node *const node = find_node(map, key);
    const bool removed = node && cds_lfht_del(map->table, &node->link) == 0;
    if (removed)
        retire_node(map, node);
    qsbr_done(self);
    return removed ? MAP_CHANGED : MAP_KEPT;
}

static bool iterate_map(void *of, map_visit *visit, void *context)
{
    struct qsbr_self *const self = of;
    const struct map *const map = self->map;
    struct cds_lfht_iter at;
    struct cds_lfht_node *link;
    for (cds_lfht_first(map->table, &at); (link = cds_lfht_iter_get_node(&at));
         cds_lfht_next(map->table, &at)) {
        const struct node *const node = node_of(link);
        visit(context, node->key, node->value);
    }
    qsbr_done(self);
    return true;
}

/* The table has no count that is always right: it is walked. */
static uint64_t count_keys(void *of)
{
    struct qsbr_self *const self = of;
    const struct map *const map = self->map;
    long before, after;
    unsigned long count;
    cds_lfht_count_nodes(map->table, &before, &count, &after);
    qsbr_done(self);
    return count;
}

MAP_STRATEGY(rcu) = {
    QSBR_FUNCTIONS,
    .name = NAME,
    .summary = SUMMARY,
};
#else
MAP_STRATEGY(rcu) = {.abi = MAP_ABI, .name = NAME, .summary = SUMMARY, .missing = "liburcu"};
#endif
