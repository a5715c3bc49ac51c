/* SPDX-License-Identifier: MIT
 * Lines that threads contend for are throttled: a counted hand-over takes about a microsecond, ten
 * times what it costs the program, and after some hundreds of them what they are is known. While a
 * line is throttled (its tag is TAG_THROTTLED) each thread only counts its accesses, in its own
 * footprint, so that nothing of the line_stat travels between caches. One access is counted for
 * many, since they come every nanosecond or two. From time to time the throttling ends for some
 * hand-overs, since a program may change what it does. The reader of the recording assumes that
 * hand-overs were as frequent while the line was throttled as while they were counted. */
#include "runtime/throttle.h"

#include "runtime/inside.h"
#include "runtime/line_table.h"

enum {
    FIRST_HANDOVERS = 1024, /* about a millisecond */
    NEXT_HANDOVERS = 64,
    THROTTLED_ACCESSES = 1 << 19, /* of one thread: about a millisecond */
    STRIDE_BITS = 5,              /* one of 1 to 32 is counted */
};

/* With the line's lock, so that no other thread changes these two tags. */
static void stop_throttling(struct line_stat *line)
{
    struct shadow *s = shadow_of(line->address);
    const uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    shadow_unlock(s, tag == TAG_THROTTLED ? TAG_TIER2 : tag);
    line->rests_at = line->false_handovers + line->true_handovers + NEXT_HANDOVERS;
    line_begin_burst(line); /* which thread has the line now is not known */
}

bool throttle_is_on(const struct line_stat *line)
{
    return __atomic_load_n(&shadow_of(line->address)->tag, __ATOMIC_RELAXED) == TAG_THROTTLED;
}

static void pause_throttling(struct line_stat *line)
{
    if (!inside_enter())
        return;
    lock_take(&line->lock);
    if (throttle_is_on(line))
        stop_throttling(line);
    lock_release(&line->lock);
    inside_leave();
}

static bool is_new(const struct footprint *t, const struct access *a, uint64_t mask)
{
    return (a->kind & RECORD_READ && mask & ~t->read_mask) ||
           (a->kind & RECORD_WRITE && mask & ~t->write_mask);
}

/* How many accesses this one counts for. The next number is drawn, so that no loop of the program
 * keeps step with it. */
static uint32_t draw_weight(struct me *me)
{
    const uint32_t old = me->stride;
    me->random = me->random * 1664525 + 1013904223; /* Numerical Recipes, 7.1 */
    me->stride = 1 + (me->random >> (32 - STRIDE_BITS));
    me->skips = (int32_t)me->stride;
    return old ? old : 1;
}

uint32_t throttle_add(struct footprint *t, const struct access *a, uint64_t mask)
{
    const uint32_t accesses = draw_weight(&state_me);
    footprint_add(t, a, mask, accesses);
    t->rested += accesses * (!!(a->kind & RECORD_READ) + !!(a->kind & RECORD_WRITE));
    return accesses;
}

/* The thread is not inside the runtime, or is in a signal handler that interrupted it there. A lock
 * is only taken to end the throttling, after inside_enter, which refuses such a handler. */
bool throttle_counts(uint32_t index, const struct access *a)
{
    struct footprint *t = footprint_recall(index);
    const uint64_t mask = bytes_mask(a->address, a->size);
    if (!t || t->tag != state_me.tag || is_new(t, a, mask))
        return false;
    const uint64_t before = t->rested;
    state_me.accesses += throttle_add(t, a, mask);
    if ((before ^ t->rested) & THROTTLED_ACCESSES)
        pause_throttling(&record_lines[index]);
    return true;
}

void throttle_begin(struct line_stat *line)
{
    const uint64_t handovers = line->false_handovers + line->true_handovers;
    uint32_t tag = TAG_TIER2;
    if (handovers >= FIRST_HANDOVERS && handovers >= line->rests_at)
        __atomic_compare_exchange_n(&shadow_of(line->address)->tag, &tag, TAG_THROTTLED, false,
            __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

/* The thread comes in a new phase, or for the first time: what it does may be new. */
void throttle_end(struct line_stat *line, const struct footprint *t)
{
    if (t->tag != state_me.tag && throttle_is_on(line))
        stop_throttling(line);
}
