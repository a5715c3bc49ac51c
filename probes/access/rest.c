/* SPDX-License-Identifier: MIT
 * Lines that threads fight for rest: a counted hand-over takes about a microsecond, ten times what
 * it costs the program, and after some hundreds of them what they are is known. While a line rests
 * each thread only counts its accesses, in its own touch, and nothing of the record travels; from
 * time to time the line wakes for some hand-overs, since a program may change what it does. Who
 * reads the record takes the hand-overs of the rests to be as frequent as the counted ones. */
#include "probes/access/count.h"
#include "probes/access/line.h"

enum {
    FIRST_HANDOVERS = 1024, /* about a millisecond */
    NEXT_HANDOVERS = 64,
    REST_ACCESSES = 1 << 17, /* of one thread: about a millisecond */
};

static void wake(struct record_line *line)
{
    line->flags &= ~(uint32_t)RECORD_RESTS;
    line->rests_at = line->false_handovers + line->true_handovers + NEXT_HANDOVERS;
    line_new_burst(line); /* who has the line now is not known */
}

static void wake_slowly(struct record_line *line)
{
    if (!access_enter())
        return;
    access_lock(&line->lock);
    if (line->flags & RECORD_RESTS)
        wake(line);
    access_unlock(&line->lock);
    access_leave();
}

static bool is_new(const struct record_touch *t, const struct access *a, uint64_t mask)
{
    return (a->kind & RECORD_READ && mask & ~t->read_mask) ||
           (a->kind & RECORD_WRITE && mask & ~t->write_mask);
}

/* Not inside the runtime, so it may be in a signal's handler that interrupted it: it takes a lock
 * only to wake the line, by the way in that such a handler is refused. */
bool rest_counts(uint32_t index, const struct access *a)
{
    struct record_touch *t = touch_recall(index);
    struct record_line *line = &record_lines[index];
    const uint64_t mask = bytes_mask(a->address, a->size);
    if (!t || !(line->flags & RECORD_RESTS) || t->tag != access_me.tag || is_new(t, a, mask))
        return false;
    const uint64_t before = t->rested;
    access_me.accesses++;
    count_access(t, a, mask);
    t->rested += !!(a->kind & RECORD_READ) + !!(a->kind & RECORD_WRITE);
    if ((before ^ t->rested) & REST_ACCESSES)
        wake_slowly(line);
    return true;
}

void rest_begin(struct record_line *line)
{
    const uint64_t handovers = line->false_handovers + line->true_handovers;
    if (handovers >= FIRST_HANDOVERS && handovers >= line->rests_at)
        line->flags |= RECORD_RESTS;
}

/* What it did before is ordered, or it never was here: either may be news. */
void rest_end(struct record_line *line, const struct record_touch *t)
{
    if (line->flags & RECORD_RESTS && t->tag != access_me.tag)
        wake(line);
}
