/* SPDX-License-Identifier: MIT
 * Names. */
#include "probes/maps/go_strategy.h"

const struct map_strategy go_strategy_table[GO_STRATEGIES] = {
    {.abi = MAP_ABI,
        .name = "go-rwmutex",
        .summary = "Go: a map and a sync.RWMutex",
        .snapshot = true},
    {.abi = MAP_ABI, .name = "go-syncmap", .summary = "Go: a sync.Map"},
    {.abi = MAP_ABI, .name = "go-sharded", .summary = "Go: 64 shards, each a map and a sync.Mutex"},
    {.abi = MAP_ABI,
        .name = "go-cow",
        .summary = "Go: an atomic.Value with a map that writers replace by a copy",
        .snapshot = true},
};

bool go_is_strategy(const struct map_strategy *strategy)
{
    return strategy >= go_strategy_table && strategy < go_strategy_table + GO_STRATEGIES;
}

/* A power of two, as in data/go/maps/main.go. */
bool go_has_words(unsigned words)
{
    return words && words <= MAP_WORDS && (words & (words - 1)) == 0;
}
