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

struct node {
    struct qsbr_retired retired; /* first */
    struct cds_lfht_node link;
    uint64_t key;
    uint64_t value[];
};

struct map {
    struct cds_lfht *table;
    unsigned words, quiesce;
    struct qsbr_delays delays;
};

static void *make_map(const struct map_needs *needs)
{
    enum { BUCKETS_LEAST = 64 };
    struct map *const map = map_zeroed_line(sizeof *map);
    if (!map)
        return NULL;
    *map = (struct map){.words = needs->words, .quiesce = needs->quiesce};
    map->table = cds_lfht_new(
        BUCKETS_LEAST, BUCKETS_LEAST, 0, CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING, NULL);
    if (map->table)
        return map;
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
    map_free(retired);
}

static void destroy_map(void *of)
{
    struct map *const map = of;
    struct cds_lfht_iter at;
    struct cds_lfht_node *link;
    rcu_register_thread();
    for (cds_lfht_first(map->table, &at); (link = cds_lfht_iter_get_node(&at));
         cds_lfht_next(map->table, &at))
        if (cds_lfht_del(map->table, link) == 0)
            qsbr_retire(&node_of(link)->retired, &map->delays, free_node);
    rcu_unregister_thread();
    qsbr_wait();
    cds_lfht_destroy(map->table, NULL);
    map_free(map);
}

static void *join_map(void *map, unsigned thread)
{
    (void)thread;
    return qsbr_join(map, ((struct map *)map)->quiesce);
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
        memcpy(value, node->value, map->words * sizeof *value);
    qsbr_done(self);
    return node;
}

static struct node *make_node(const struct map *map, uint64_t key, const uint64_t *value)
{
    struct node *const node = map_zeroed(1, sizeof *node + map->words * sizeof *value);
    if (!node)
        return NULL;
    cds_lfht_node_init(&node->link);
    node->key = key;
    memcpy(node->value, value, map->words * sizeof *value);
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
        qsbr_retire(&node_of(old)->retired, &map->delays, free_node);
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
        qsbr_retire(&node->retired, &map->delays, free_node);
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

static void fill_facts(void *of, struct map_facts *facts)
{
    const struct map *const map = of;
    qsbr_facts(&map->delays, facts);
}

MAP_STRATEGY(rcu) = {
    .abi = MAP_ABI,
    .name = NAME,
    .summary = SUMMARY,
    .make = make_map,
    .destroy = destroy_map,
    .join = join_map,
    .leave = qsbr_leave,
    .get = get_value,
    .put = put_value,
    .insert = insert_value,
    .remove = remove_key,
    .iterate = iterate_map,
    .size = count_keys,
    .facts = fill_facts,
};
#else
MAP_STRATEGY(rcu) = {.abi = MAP_ABI, .name = NAME, .summary = SUMMARY, .missing = "liburcu"};
#endif
