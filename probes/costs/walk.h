/* SPDX-License-Identifier: MIT
 * A walk: one op on each of a set of lines, once, each op waiting for the one before it. It
 * measures the price list of `numaprobe costs`. Each file probes/costs/walks/<op>.c writes one op
 * as a step; the loop around it is here. For layouts see op.h. */
#ifndef PROBES_COSTS_WALK_H
#define PROBES_COSTS_WALK_H

#include "probes/trial/op.h"

/* Offsets are from `base`. Each line's word holds the offset of the line to visit after it, so that
 * the next address is known only when the op has returned it. */
struct walk_lane {
    char *base;
    uint64_t first;
    /* The same offsets in the order of the walk, for ops that must know what they write before they
     * have read it: cas expects and puts back the offset that is there, swap puts it back. Private,
     * and read in sequence, so that it is off the path that is timed. */
    const uint64_t *next;
    uint64_t lines; /* at least 1 */
    uint64_t zero;  /* 0, which the compiler does not know: it may drop an add of a known 0 */
};

/* Returns what the last op returned: the first line's offset when each op did its work. */
typedef uint64_t walk_loop(const struct walk_lane *worker);

struct walk {
    const char *name, *flavour, *summary;
    walk_loop *loop;
    /* Loops for several threads on one word (worker->own), which count into worker->seen how often
     * it came from another thread: plain and gapped. NULL: none. */
    const struct op_loops *contend;
    bool blind; /* a contender cannot see that: it reads nothing, and counts nothing */
};
extern const struct walk *const walk_table[];
extern const size_t walk_count;

/* The walk of that op in the flavour that suits this cpu; NULL when there is none. */
const struct walk *walk_find(const char *name);

/* One op on a line's word; `next` is what the word holds. Returns the op's own result. */
typedef uint64_t walk_step(word *line, uint64_t next, uint64_t zero);

static inline __attribute__((always_inline)) uint64_t walk_run(
    const struct walk_lane *worker, walk_step *step)
{
    const struct walk_lane l = *worker;
    const uint64_t *next = l.next;
    uint64_t at = l.first, n = l.lines;
    do
        at = step((word *)(void *)(l.base + at), *next++, l.zero);
    while (--n);
    return at;
}

#define WALK_LOOP(op)                                                                              \
    static uint64_t op##_walk(const struct walk_lane *worker)                                      \
    {                                                                                              \
        return walk_run(worker, op);                                                               \
    }
#define WALK_PASTE(name, flavour) walk_##name##_##flavour
#define WALK_NAME(name, flavour) WALK_PASTE(name, flavour)
#define WALK(name) const struct walk WALK_NAME(name, FLAVOUR)

#endif
