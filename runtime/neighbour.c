/* SPDX-License-Identifier: MIT
 * Lines that are not shared but lie side by side, each used by another thread in the same phase:
 * with a line of 128 bytes, or with other start addresses, they would be. They get a record, and
 * are lent to their owner as soon as it is known from where it uses them (line.c), so that they
 * cost no more than others. */
#include "runtime/line.h"

enum {
    NOTED = 1024,   /* lines whose next line was another thread's when last looked at */
    WATCHED = 1024, /* with a record: a bound, since neighbours are many where arrays are split */
    HOT = 64,       /* accesses on each of both: fewer are start-up */
};
static uintptr_t noted[NOTED];
static uint32_t watched;

void neighbour_note(uintptr_t address)
{
    const uintptr_t line = address >> LINE_SHIFT;
    __atomic_store_n(&noted[(line ^ line >> 10) % NOTED], line << LINE_SHIFT, __ATOMIC_RELAXED);
}

static bool is_hot(const struct shadow *s)
{
    return tag_recorded(s->tag) || (s->tag != TAG_READERS && (s->reads >= HOT || s->writes >= HOT));
}

static bool are_concurrent(uint32_t a, uint32_t b)
{
    const uint32_t first = tag_slot(a), second = tag_slot(b);
    if (first == 0 || second == 0 || a == TAG_BUSY || b == TAG_BUSY || a == TAG_READERS ||
        b == TAG_READERS)
        return false;
    if (tag_recorded(a) || tag_recorded(b))
        return true;
    return first != second && !vector_clock_covers(first, b) && !vector_clock_covers(second, a);
}

static void watch(struct shadow *s, uintptr_t address)
{
    if (watched == WATCHED || tag_recorded(s->tag) || s->info >> INFO_LINE_SHIFT)
        return;
    uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    if (tag_slot(tag) != 0 && tag_slot(tag) < SLOTS) {
        const int line = line_promote(s, address, tag, RECORD_NEIGHBOUR);
        if (line >= 0) {
            s->info |= ((uint32_t)line + 1) << INFO_LINE_SHIFT;
            tag = TAG_TIER2;
            watched++;
        }
    }
    shadow_unlock(s, tag);
}

static void consider(uintptr_t address)
{
    struct shadow *first = shadow_of(address), *second = shadow_of(address + RECORD_LINE);
    if (is_hot(first) && is_hot(second) && are_concurrent(first->tag, second->tag) &&
        (shadow_written(first) | shadow_written(second))) {
        watch(first, address);
        watch(second, address + RECORD_LINE);
    }
}

void neighbour_harvest(void)
{
    for (size_t i = 0; i < NOTED; i++) {
        const uintptr_t line = noted[i];
        if (line)
            consider(line);
    }
}
