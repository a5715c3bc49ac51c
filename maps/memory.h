/* SPDX-License-Identifier: MIT
 * Memory of maps, counted: what a write allocates is one of their prices. */
#ifndef MAPS_MEMORY_H
#define MAPS_MEMORY_H

#include "maps/map.h"

/* Zero-filled, of `count` times `bytes`; NULL: there is none. Freed by map_free. */
void *map_zeroed(size_t count, size_t bytes);
/* The same on separate lines, or on pages. */
void *map_zeroed_line(size_t bytes);
void *map_zeroed_page(size_t bytes);
void map_free(void *memory); /* NULL is safe */
/* On the home's pages; without a home (NULL) as map_zeroed_page. */
void *map_zeroed_home(const struct map_home *home, size_t bytes);
void map_free_home(const struct map_home *home, void *memory, size_t bytes); /* NULL is safe */

/* Allocations by the calling thread so far. */
uint64_t map_allocations(void);
/* What malloc has handed out to all threads. */
double map_heap_bytes(void);
/* For tests: after so many allocations by the calling thread there is no memory any more; 0: no
 * limit. */
void map_fail_after(uint64_t allocations);

#endif
