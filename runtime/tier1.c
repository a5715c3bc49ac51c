/* SPDX-License-Identifier: MIT
 * Tier 1: what an access does to the entry of its line, and when a line gets a line_stat. */
#include "runtime/tier1.h"

#include "runtime/bias.h"
#include "runtime/inside.h"
#include "runtime/line.h"
#include "runtime/line_table.h"
#include "runtime/neighbour.h"
#include "runtime/thread.h"
#include "runtime/throttle.h"
#include "runtime/vector_clock.h"

#include <errno.h>

/* The owner uses bytes that it had not yet touched in this way. False when the calling thread is
 * not the owner any more. */
static bool add_bytes(struct shadow *s, const struct access *a)
{
    const uint64_t mask = bytes_mask(a->address, a->size);
    const uint32_t tag = state_me.tag;
    if (!shadow_try_lock(s, tag))
        return false;
    s->unread &= ~(a->kind & RECORD_READ ? mask : 0);
    s->unwritten &= ~(a->kind & RECORD_WRITE ? mask : 0);
    s->reads += a->kind & RECORD_READ ? 1 : 0;
    s->writes += a->kind & RECORD_WRITE ? 1 : 0;
    shadow_unlock(s, tag);
    return true;
}

/* The calling thread is the owner from this access on. */
static void own_line(struct shadow *s, const struct access *a)
{
    const uint64_t mask = bytes_mask(a->address, a->size);
    s->unread = ~(a->kind & RECORD_READ ? mask : 0);
    s->unwritten = ~(a->kind & RECORD_WRITE ? mask : 0);
    s->reads = a->kind & RECORD_READ ? 1 : 0;
    s->writes = a->kind & RECORD_WRITE ? 1 : 0;
}

/* After so many hand-overs a line gets a line_stat: once the tables fill, only after PATIENCE, so
 * that lines which change hands once, as a queue's entries do, do not take their room. Before, a
 * large array that is shared on all its lines shows in a few passes. A busy line gets it at once:
 * on one cpu a thread may have done all its work before the other begins, and there is only one
 * hand-over. */
enum { PATIENCE_AT_FIRST = 2, PATIENCE = 8, BUSY_COUNT = 1024 };

static bool is_mine(uint32_t tag)
{
    return tag_slot(tag) == 0 || tag_slot(tag) == tag_slot(state_me.tag);
}

static bool is_before_me(uint32_t tag)
{
    return is_mine(tag) || vector_clock_covers(tag_slot(state_me.tag), tag);
}

/* Two threads' accesses are unordered, and one of the two writes: counts a hand-over, and makes a
 * line_stat if it is time for one. Returns whether there is one. */
static bool note_conflict(struct shadow *s, uint32_t tag, uintptr_t address)
{
    const unsigned handovers = s->info & INFO_HANDOVERS;
    if (handovers < INFO_HANDOVERS)
        s->info++;
    const unsigned patience = line_table_is_roomy() ? PATIENCE_AT_FIRST : PATIENCE;
    if (handovers + 1 < patience && s->reads < BUSY_COUNT && s->writes < BUSY_COUNT)
        return false;
    /* With a full table, only at every doubling: to make room means to look for a cold line. */
    if ((handovers & (handovers - 1)) && !line_room(false))
        return false;
    return line_room(true) && line_promote(s, address, tag, 0);
}

/* The entry keeps the first two of several readers: reads and unread are the tag and the bytes of
 * one, writes and unwritten those of the other. A thread that was in tier1_knows when it lost the
 * line has put its count there in place of the tag in `reads`: no thread's, being less than an
 * epoch. What is left in the entry is the one with which this access conflicts. */
static uint32_t change_from_readers(struct shadow *s, const struct access *a)
{
    if (!(a->kind & RECORD_WRITE))
        return TAG_READERS;
    const bool second = is_before_me(s->reads);
    const uint32_t before = second ? s->writes : s->reads;
    if (second)
        s->unread = s->unwritten;
    s->unwritten = ~0ull;
    s->reads = s->writes = 0;
    if (!is_before_me(before) && note_conflict(s, before, a->address))
        return TAG_TIER2;
    own_line(s, a);
    return state_me.tag;
}

/* Memory that other processes use is counted whether or not another thread of this one does. False:
 * it is not, or there is no room. */
static bool promote_shared(struct shadow *s, uintptr_t address)
{
    if (!record->shares || !recording_shares(address) || !line_room(true))
        return false;
    s->unread = s->unwritten = ~0ull;
    s->reads = s->writes = 0;
    return line_promote(s, address, state_me.tag, RECORD_SHARED);
}

/* The line is another thread's, or of an earlier epoch of this one. Its entry is locked; returns
 * the tag to unlock it with. */
static uint32_t change_owner(struct shadow *s, uint32_t tag, const struct access *a)
{
    if (s->info >> INFO_LINE_SHIFT) {
        bias_fold(s, tag);
        return TAG_TIER2;
    }
    if (tag == TAG_READERS)
        return change_from_readers(s, a);
    if (!is_before_me(tag)) {
        if (shadow_written(s) || a->kind & RECORD_WRITE) {
            if (note_conflict(s, tag, a->address))
                return TAG_TIER2;
        } else if (s->reads >> EPOCH_BITS == 0) {
            s->unwritten = ~bytes_mask(a->address, a->size);
            s->reads = tag;
            s->writes = state_me.tag;
            return TAG_READERS;
        }
    }
    if (promote_shared(s, a->address))
        return TAG_TIER2;
    own_line(s, a);
    return state_me.tag;
}

/* Is the line another thread's, or may it be? neighbour_harvest looks again. The threads of one
 * that is recorded do not come here any more. */
static bool is_foreign(uint32_t tag)
{
    const uint32_t slot = tag_slot(tag);
    return tag == TAG_BUSY || tag == TAG_READERS || tag_is_recorded(tag) ||
           (slot && slot < SLOTS && slot != tag_slot(state_me.tag));
}

/* The fence pairs with that of the other thread: of two threads that come to their lines at the
 * same time, at least one sees the tag that the other wrote. */
static void note_neighbours(uintptr_t address)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (is_foreign(__atomic_load_n(&shadow_of(address - RECORD_LINE)->tag, __ATOMIC_RELAXED)))
        neighbour_note(address - RECORD_LINE);
    if (is_foreign(__atomic_load_n(&shadow_of(address + RECORD_LINE)->tag, __ATOMIC_RELAXED)))
        neighbour_note(address);
}

/* Returns whether that is all: false when the line was biased to a thread at this moment. */
static bool see_access(const struct access *a)
{
    struct shadow *s = shadow_of(a->address);
    if (tag_is_recorded(__atomic_load_n(&s->tag, __ATOMIC_ACQUIRE)))
        return line_access(shadow_line(s), a);
    if (add_bytes(s, a))
        return true;
    neighbour_keep(a->address);
    const uint32_t before = shadow_lock(s);
    if (before == TAG_BUSY)
        return true;
    shadow_touch(a->address);
    const uint32_t tag = tag_is_recorded(before) ? before : change_owner(s, before, a);
    const uint32_t line = shadow_line(s);
    shadow_unlock(s, tag);
    if (tag_is_recorded(tag))
        return line_access(line, a);
    note_neighbours(a->address);
    return true;
}

static void enter_and_see(const struct access *a)
{
    struct me *me = &state_me;
    if (!inside_enter())
        return;
    const int before = errno;
    if (me->tag == TAG_STRANGER)
        thread_adopt();
    if (me->tag != TAG_STRANGER) {
        me->accesses++;
        if (!see_access(a))
            see_access(a);
    }
    errno = before;
    inside_leave();
}

void tier1_access(uintptr_t address, unsigned size, unsigned kind, uintptr_t pc)
{
    const struct shadow *s = shadow_of(address);
    const struct access a = {
        .address = shadow_untag(address), .pc = pc, .size = size, .kind = kind};
    if (!shadow_covers(a.address))
        record->outside++; /* about */
    else if (s->tag != TAG_THROTTLED || !throttle_counts(shadow_line(s), &a))
        enter_and_see(&a);
}

void tier1_range(uintptr_t address, size_t size, unsigned kind, uintptr_t pc)
{
    if (!state_gate.on)
        return;
    while (size > 0) {
        const size_t left = RECORD_LINE - (address & (RECORD_LINE - 1));
        const unsigned here = (unsigned)(size < left ? size : left);
        if (!tier1_knows(address, here, kind))
            tier1_access(address, here, kind, pc);
        address += here;
        size -= here;
    }
}

static void forget_line(uintptr_t address, uint64_t mask)
{
    struct shadow *const s = shadow_of(address);
    if (__atomic_load_n(&s->tag, __ATOMIC_RELAXED) == 0)
        return;
    neighbour_forget(address, mask);
    const uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    const bool plain = s->info >> INFO_LINE_SHIFT == 0;
    if (plain) {
        s->unread |= mask;
        s->unwritten |= mask;
    }
    if (plain && shadow_read(s) | shadow_written(s)) {
        shadow_unlock(s, tag);
        return;
    }
    const uint32_t line = s->info >> INFO_LINE_SHIFT;
    if (line && !tag_is_recorded(tag))
        bias_fold(s, tag);
    s->info = 0;
    s->reads = s->writes = 0;
    shadow_unlock(s, 0);
    if (line)
        line_close(line - 1);
}

static void forget_lines(uintptr_t start, uintptr_t end)
{
    for (uintptr_t at = start; at < end;) {
        const uintptr_t next = (at & -(uintptr_t)RECORD_LINE) + RECORD_LINE;
        const unsigned size = (unsigned)((end < next ? end : next) - at);
        forget_line(at, bytes_mask(at, size));
        at = next;
    }
}

/* Blocks may have gigabytes that no thread touched. Entries are not given back to the kernel: a
 * program that confines itself to some system calls need not allow madvise. */
void tier1_forget(uintptr_t start, size_t size)
{
    enum { UNIT = 1 << UNIT_SHIFT };
    uintptr_t at = shadow_untag(start);
    const uintptr_t end = shadow_covers(at + size) ? at + size : at;
    while (at < end) {
        const uintptr_t unit = at & -(uintptr_t)UNIT;
        const uintptr_t next = end - unit > UNIT ? unit + UNIT : end;
        uint8_t *touched = shadow_unit(at);
        if (*touched) {
            if (next - at == UNIT)
                *touched = 0;
            forget_lines(at, next);
        }
        at = next;
    }
}
