/* SPDX-License-Identifier: MIT
 * A strategy: one way to share a map between threads. Each strategy is one C file in maps/; your
 * own file for --strategy ./mine.c has the same shape.
 *
 * Keys are 64-bit numbers, values a fixed number of 64-bit words. All but those of a library use
 * the same table (maps/table.h), so that what differs is the sharing. Every function but `make` and
 * `destroy` is called by threads that have joined, at the same time. */
#ifndef MAPS_MAP_H
#define MAPS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MAP_ABI = 1,
    MAP_WORDS = 32,  /* of a value, at most */
    MAP_SHARDS = 64, /* of a sharded map */
};

/* Memory near one thread, whoever asks for it; several threads may ask at once. */
struct map_home {
    void *(*zeroed)(const struct map_home *home, size_t bytes); /* whole pages; NULL: none left */
    void (*free)(const struct map_home *home, void *memory, size_t bytes);
};

/* What a map is made for. */
struct map_needs {
    uint64_t keys;    /* in it at the same time, about */
    unsigned threads; /* that will join */
    unsigned words;   /* of a value, 1 to MAP_WORDS */
    bool copies;      /* iterate takes a lock to copy the table, not to walk it */
    unsigned quiesce; /* a thread reports every so many ops that it holds no reference, where that
                         matters */
    const struct map_home *const *home; /* by thread, and outlives the map; NULL: malloc serves */
};

/* What a write did. */
enum map_written {
    MAP_KEPT,     /* nothing: the key was there (insert), or was not (remove) */
    MAP_CHANGED,  /* a value was replaced, a key inserted or removed */
    MAP_ADDED,    /* put: the key was not there */
    MAP_NO_MEMORY /* nothing was changed */
};

/* Called for each key. */
typedef void map_visit(void *context, uint64_t key, const uint64_t *value);

/* What a strategy did that no other op shows; 0 where it has none of it. */
struct map_facts {
    uint64_t freed, waiting; /* replaced values, nodes, tables: freed since, and not yet */
    double freed_after_ns, freed_after_most_ns; /* mean, and the longest */
    uint64_t promotions;
    double promoting_ns,
        promoting_most_ns; /* how long they held the lock: in all, and the longest */
};

struct table; /* maps/table.h */
struct map_strategy {
    unsigned abi; /* MAP_ABI */
    const char *name, *summary;
    unsigned align; /* ALIGN, of a strategy that is compiled for several; else 0 */
    bool snapshot;  /* what iterate sees is of one moment */
    bool copies;    /* it heeds map_needs.copies */
    bool homes;     /* and map_needs.home: each of its parts has a thread that owns it */
    const char
        *missing; /* the library without which it was built, and there is nothing else; NULL */

    void *(*make)(const struct map_needs *needs); /* NULL: no memory */
    void (*destroy)(void *map);                   /* all threads have left */
    /* The calling thread begins, as number `thread` below needs.threads, and ends. What join
     * returns is `self` below; NULL: no memory. */
    void *(*join)(void *map, unsigned thread);
    void (*leave)(void *self);

    bool (*get)(void *self, uint64_t key, uint64_t *value);
    enum map_written (*put)(void *self, uint64_t key, const uint64_t *value);
    enum map_written (*insert)(void *self, uint64_t key, const uint64_t *value);
    enum map_written (*remove)(void *self, uint64_t key);
    bool (*iterate)(void *self, map_visit *visit, void *context); /* false: no memory */
    uint64_t (*size)(void *self);
    /* Makes the empty map hold what the table has, where put for each key would take too long.
     * false: no memory; NULL: put serves. */
    bool (*fill)(void *self, const struct table *from);
    void (*facts)(void *map, struct map_facts *facts); /* NULL: there are none */
    /* The thread begins to sleep, and does nothing on the map until it ends to; NULL: no matter. */
    void (*sleep)(void *self, bool begins);
};

/* Functions of these names, in a strategy's file. */
#define MAP_FUNCTIONS                                                                              \
    .abi = MAP_ABI, .make = make_map, .destroy = destroy_map, .get = get_value, .put = put_value,  \
    .insert = insert_value, .remove = remove_key, .iterate = iterate_map, .size = count_keys

/* The table entry's name carries the alignment, where there is one: map_strategy_sharded_64. In a
 * user's own file it is just `map_strategy`, the entry that is looked up. */
#ifdef MAP_USER
#define MAP_STRATEGY(name) const struct map_strategy map_strategy
#elif defined ALIGN
#define MAP_PASTE(name, align) map_strategy_##name##_##align
#define MAP_NAME(name, align) MAP_PASTE(name, align)
#define MAP_STRATEGY(name) const struct map_strategy MAP_NAME(name, ALIGN)
#else
#define MAP_STRATEGY(name) const struct map_strategy map_strategy_##name
#endif

extern const struct map_strategy *const map_strategy_table[];
extern const size_t map_strategy_count;

#endif
