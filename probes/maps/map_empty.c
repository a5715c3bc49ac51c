/* SPDX-License-Identifier: MIT
 * Deletes keys, and waits. */
#include "probes/maps/map_empty.h"

#include <stdlib.h>
#include <time.h>

void map_wait_freed(const struct map_strategy *strategy, void *map)
{
    enum { TIMES = 100 };
    const struct timespec pause = {.tv_nsec = 1000000};
    struct map_facts facts = {.waiting = 1};
    for (int i = 0; i < TIMES && facts.waiting && strategy->facts; i++) {
        strategy->facts(map, &facts);
        if (facts.waiting)
            nanosleep(&pause, NULL);
    }
}

struct key_list {
    uint64_t *key, keys, room;
};

static void list_key(void *context, uint64_t key, const uint64_t *value)
{
    struct key_list *const list = context;
    (void)value;
    if (list->keys < list->room)
        list->key[list->keys++] = key;
}

bool map_empty(const struct map_strategy *s, void *self, const struct clock *clock)
{
    static const double TIME_MOST_NS = 3e8;
    struct key_list list = {.room = s->size(self)};
    list.key = malloc((list.room + 1) * sizeof *list.key);
    bool done = list.key && s->iterate(self, list_key, &list);
    const uint64_t end = clock_now(clock) + clock_ticks(clock, TIME_MOST_NS);
    for (uint64_t i = 0; done && i < list.keys; i++)
        done = s->remove(self, list.key[i]) != MAP_NO_MEMORY && clock_now(clock) < end;
    free(list.key);
    return done;
}
