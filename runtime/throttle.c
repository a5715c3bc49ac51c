/* SPDX-License-Identifier: MIT
 * Lines that threads fight for rest: a counted hand-over takes about a microsecond, ten times what
 * it costs the program, and after some hundreds of them what they are is known. While a line rests
 * (its tag is TAG_RESTS) each thread only counts its accesses, in its own touch, and nothing of the
 * record travels; and of those it counts one for many, since they come every nanosecond or two.
 * From time to time the line wakes for some hand-overs, since a program may change what it does.
 * Who reads the record takes the hand-overs of the rests to be as frequent as the counted ones. */
#include "runtime/footprint.h"
#include "runtime/line.h"

enum {
    FIRST_HANDOVERS = 1024, /* about a millisecond */
    NEXT_HANDOVERS = 64,
    REST_ACCESSES = 1 << 19, /* of one thread: about a millisecond */
    STRIDE_BITS = 5,         /* one of 1 to 32 is counted */
};

/* Under the line's lock, which is why nobody else changes these two tags. */
static void wake(struct line_stat *line)
{
    struct shadow *s = shadow_of(line->address);
    const uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    shadow_unlock(s, tag == TAG_RESTS ? TAG_TIER2 : tag);
    line->rests_at = line->false_handovers + line->true_handovers + NEXT_HANDOVERS;
    line_new_burst(line); /* who has the line now is not known */
}

static bool rests(const struct line_stat *line)
{
    return __atomic_load_n(&shadow_of(line->address)->tag, __ATOMIC_RELAXED) == TAG_RESTS;
}

static void wake_slowly(struct line_stat *line)
{
    if (!access_enter())
        return;
    access_lock(&line->lock);
    if (rests(line))
        wake(line);
    access_unlock(&line->lock);
    access_leave();
}

static bool is_new(const struct footprint *t, const struct access *a, uint64_t mask)
{
    return (a->kind & RECORD_READ && mask & ~t->read_mask) ||
           (a->kind & RECORD_WRITE && mask & ~t->write_mask);
}

/* How many accesses this one stands for. The next number is drawn, so that no loop of the program
 * keeps step with it. */
static uint32_t weight(struct me *me)
{
    const uint32_t old = me->stride;
    me->random = me->random * 1664525 + 1013904223; /* Numerical Recipes, 7.1 */
    me->stride = 1 + (me->random >> (32 - STRIDE_BITS));
    me->skips = (int32_t)me->stride;
    return old ? old : 1;
}

/* Not inside the runtime, so it may be in a signal's handler that interrupted it: it takes a lock
 * only to wake the line, by the way in that such a handler is refused. */
bool throttle_counts(uint32_t index, const struct access *a)
{
    struct footprint *t = footprint_recall(index);
    const uint64_t mask = bytes_mask(a->address, a->size);
    if (!t || t->tag != access_me.tag || is_new(t, a, mask))
        return false;
    const uint32_t accesses = weight(&access_me);
    const uint64_t before = t->rested;
    access_me.accesses += accesses;
    count_access(t, a, mask, accesses);
    t->rested += accesses * (!!(a->kind & RECORD_READ) + !!(a->kind & RECORD_WRITE));
    if ((before ^ t->rested) & REST_ACCESSES)
        wake_slowly(&record_lines[index]);
    return true;
}

void throttle_begin(struct line_stat *line)
{
    const uint64_t handovers = line->false_handovers + line->true_handovers;
    uint32_t tag = TAG_TIER2;
    if (handovers >= FIRST_HANDOVERS && handovers >= line->rests_at)
        __atomic_compare_exchange_n(&shadow_of(line->address)->tag, &tag, TAG_RESTS, false,
            __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

/* What it did before is ordered, or it never was here: either may be news. */
void throttle_end(struct line_stat *line, const struct footprint *t)
{
    if (t->tag != access_me.tag && rests(line))
        wake(line);
}
