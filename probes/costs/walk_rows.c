/* SPDX-License-Identifier: MIT
 * What the rows of all walks have in common, be they of a price list or of memory. */
#include "probes/costs/costs_walk.h"

void walk_describe(const struct walk_result *result, struct sample *row)
{
    row->layout = "line";
    row->role = "requester";
    row->mode = "latency";
    row->gap_ns = 0;
    row->shards = WALK_LINES;
    row->thread = 0;
    row->ops = (int64_t)result->ops;
    row->seconds = result->seconds;
    row->ns_per_op = result->seconds * 1e9 / (double)result->ops;
    row->lat_reason = "timed as a walk over all lines";
}

void walk_describe_memory(const struct arena *arena, unsigned block, struct sample *row)
{
    row->place = block % ARENA_PLACES;
    row->mem_verified = arena->verified;
    row->pages_got = arena->pages_got;
}
