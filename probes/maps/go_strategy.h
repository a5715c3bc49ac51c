/* SPDX-License-Identifier: MIT
 * The strategies of the Go program (data/go/maps/strategies.go), as far as a plan has to know them.
 * Their functions are NULL: they run in a Go process (map_go.h). */
#ifndef PROBES_MAPS_GO_STRATEGY_H
#define PROBES_MAPS_GO_STRATEGY_H

#include "maps/map.h"

enum { GO_STRATEGIES = 4 };
extern const struct map_strategy go_strategy_table[GO_STRATEGIES];
bool go_is_strategy(const struct map_strategy *strategy);
/* Whether the Go program was compiled for values of so many words. */
bool go_has_words(unsigned words);

#endif
