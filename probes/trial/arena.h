/* SPDX-License-Identifier: MIT
 * Measured memory as areas that are taken in turn: which physical page and which slice of the L3 a
 * line falls into has an effect, and an estimate should average over it. */
#ifndef PROBES_TRIAL_ARENA_H
#define PROBES_TRIAL_ARENA_H

#include "machine/crew.h"
#include "machine/memory.h"

struct arena {
    char *memory; /* NULL: not mapped */
    size_t area_bytes, areas;
    struct memory_policy policy;
    const char *verified;              /* how its place is known: see memory_verify */
    char pages_got[MEMORY_PAGES_TEXT]; /* when it was mapped: see memory_pages_got */
};

enum {
    ARENA_PAGE = 4096,
    ARENA_PLACES = 64 /* areas of an instrument, unless they are too large for so many */
};
/* `bytes` rounded up to whole pages, so that every area begins on a page. */
static inline size_t arena_pages(size_t bytes)
{
    return (bytes + ARENA_PAGE - 1) / ARENA_PAGE * ARENA_PAGE;
}

/* Maps an arena whose areas and policy are set, touches it on the thread that is nearest to its
 * node, and checks where it lies. 0, or what memory_new and memory_verify return, with err. */
int arena_map(
    struct arena *arena, struct crew *crew, const struct topology *topology, struct err *err);
/* For --strict: -EPERM with err when nothing reports where the memory lies, or when huge pages were
 * asked for and it is not known to have them; else 0. */
int arena_check_strict(const struct arena *arena, struct err *err);
void arena_fini(struct arena *arena); /* safe when zeroed */

/* Blocks of one place have their page in common, which the estimate has to know. */
static inline unsigned arena_place(const struct arena *arena, size_t turn)
{
    return (unsigned)(turn % arena->areas);
}

static inline char *arena_area(const struct arena *arena, size_t turn)
{
    return arena->memory + arena_place(arena, turn) * arena->area_bytes;
}

/* Are the pages of all areas, or of the one of this turn, still where they were put? 0, also where
 * the second is not mapped, or -EXDEV with err. */
int arena_verify(const struct arena *arena, struct err *err);
int arena_verify_area(const struct arena *arena, size_t turn, struct err *err);

#endif
