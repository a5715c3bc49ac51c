/* SPDX-License-Identifier: MIT
 * Tier 1: one word of owner and two byte masks for each line of the address space. Most of it is
 * never touched and so takes no memory. Decides when a line deserves a record. */
#include "base/arch/arch.h"
#include "runtime/line.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* x86-64 and aarch64 programs live below these (Linux, Documentation/arch/x86/x86_64/mm.rst;
 * aarch64 with 48 bits of virtual address). */
#define ADDRESS_BITS (sizeof(void *) == 8 ? ARCH_ADDRESS_BITS : 32)

bool shadow_init(void)
{
    const size_t bytes = sizeof *access_gate.shadow << (ADDRESS_BITS - LINE_SHIFT);
    access_gate.shadow = access_map(bytes);
    if (!access_gate.shadow) {
        access_text(record->note, sizeof record->note,
            "no address space for the shadow: a limit (ulimit -v) or vm.overcommit_memory=2");
        return false;
    }
    /* A child begins with nothing touched, and with nothing locked by threads it does not have. */
    madvise(access_gate.shadow, bytes, MADV_WIPEONFORK);
    return true;
}

uint32_t shadow_lock(struct shadow *s)
{
    enum { SPINS = 1 << 10, NAPS = 4 };
    access_hold(&s->tag);
    for (unsigned tries = 1; tries <= NAPS * SPINS; tries++) {
        uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_RELAXED);
        if (tag != TAG_BUSY && __atomic_compare_exchange_n(&s->tag, &tag, TAG_BUSY, true,
                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return tag;
        if (tries % SPINS)
            arch_pause();
        else
            access_nap();
    }
    access_release();
    return TAG_BUSY; /* the holder is still stopped: this access is not seen */
}

void shadow_unlock(struct shadow *s, uint32_t tag)
{
    __atomic_store_n(&s->tag, tag, __ATOMIC_RELEASE);
    access_release();
}

/* Bytes that the owner had not touched yet in this way. False when it is not the owner any more. */
static bool see_more(struct shadow *s, const struct access *a)
{
    const uint64_t mask = bytes_mask(a->address, a->size);
    uint32_t tag = access_me.tag;
    access_hold(&s->tag);
    if (!__atomic_compare_exchange_n(
            &s->tag, &tag, TAG_BUSY, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        access_release();
        return false;
    }
    s->unread &= ~(a->kind & RECORD_READ ? mask : 0);
    s->unwritten &= ~(a->kind & RECORD_WRITE ? mask : 0);
    s->reads += a->kind & RECORD_READ ? 1 : 0;
    s->writes += a->kind & RECORD_WRITE ? 1 : 0;
    shadow_unlock(s, tag);
    return true;
}

static void own(struct shadow *s, const struct access *a)
{
    const uint64_t mask = bytes_mask(a->address, a->size);
    s->unread = ~(a->kind & RECORD_READ ? mask : 0);
    s->unwritten = ~(a->kind & RECORD_WRITE ? mask : 0);
    s->reads = a->kind & RECORD_READ ? 1 : 0;
    s->writes = a->kind & RECORD_WRITE ? 1 : 0;
}

/* After that many hand-overs a line gets a record; so that lines which change hands once, as a
 * queue's entries do, do not fill the tables. A busy one gets it at once: on one cpu a thread may
 * have done all its work before the other begins, and there is one hand-over only. */
enum { PATIENCE = 8, BUSY_COUNT = 1024 };

static bool is_mine(uint32_t tag)
{
    return tag == 0 || tag_slot(tag) == tag_slot(access_me.tag);
}

static bool is_before_me(uint32_t tag)
{
    return is_mine(tag) || vector_clock_covers(tag_slot(access_me.tag), tag);
}

/* Nothing ordered it behind what another did, and one of the two writes. A record, if it is time
 * for one. */
static bool conflict(struct shadow *s, uint32_t tag, uintptr_t address)
{
    const unsigned handovers = s->info & INFO_HANDOVERS;
    if (handovers < INFO_HANDOVERS)
        s->info++;
    if (handovers + 1 < PATIENCE && s->reads < BUSY_COUNT && s->writes < BUSY_COUNT)
        return false;
    /* Where the table is full, at every doubling: room is made by looking for a colder line. */
    if ((handovers & (handovers - 1)) && !line_room(false))
        return false;
    const int line = line_room(true) ? line_promote(s, address, tag, 0) : -1;
    if (line >= 0)
        s->info |= ((uint32_t)line + 1) << INFO_LINE_SHIFT;
    return line >= 0;
}

/* The first two readers stand for all: reads and unread are of one, writes and unwritten of the
 * other. What is left here is the one that this access conflicts with. */
static uint32_t change_readers(struct shadow *s, const struct access *a)
{
    if (!(a->kind & RECORD_WRITE))
        return TAG_READERS;
    const bool second = is_before_me(s->reads);
    const uint32_t before = second ? s->writes : s->reads;
    if (second)
        s->unread = s->unwritten;
    s->unwritten = ~0ull;
    s->reads = s->writes = 0;
    if (!is_before_me(before) && conflict(s, before, a->address))
        return TAG_TIER2;
    own(s, a);
    return access_me.tag;
}

/* The line is another's, or of an earlier epoch of ours. Its shadow is locked; the tag to leave. */
static uint32_t change(struct shadow *s, uint32_t tag, const struct access *a)
{
    if (s->info >> INFO_LINE_SHIFT) {
        line_fold(s, tag);
        return TAG_TIER2;
    }
    if (tag == TAG_READERS)
        return change_readers(s, a);
    if (!is_before_me(tag)) {
        if (shadow_written(s) || a->kind & RECORD_WRITE) {
            if (conflict(s, tag, a->address))
                return TAG_TIER2;
        } else {
            s->unwritten = ~bytes_mask(a->address, a->size);
            s->reads = tag;
            s->writes = access_me.tag;
            return TAG_READERS;
        }
    }
    own(s, a);
    return access_me.tag;
}

/* Another's, or being changed by another; noted too often is better than too seldom, since it is
 * looked at again before it counts. */
static bool is_foreign(uint32_t tag)
{
    const uint32_t slot = tag_slot(tag);
    return tag == TAG_BUSY || (slot && slot < SLOTS && slot != tag_slot(access_me.tag));
}

/* Two threads that come to their lines at the same time must not both miss the other's: what each
 * wrote there has to be seen before it looks. */
static void look_beside(uintptr_t address)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (is_foreign(__atomic_load_n(&shadow_of(address - RECORD_LINE)->tag, __ATOMIC_RELAXED)))
        neighbour_note(address - RECORD_LINE);
    if (is_foreign(__atomic_load_n(&shadow_of(address + RECORD_LINE)->tag, __ATOMIC_RELAXED)))
        neighbour_note(address);
}

/* Whether that is all: false when the line was lent to a thread at this moment. */
static bool see(const struct access *a)
{
    struct shadow *s = shadow_of(a->address);
    if (tag_recorded(__atomic_load_n(&s->tag, __ATOMIC_ACQUIRE)))
        return line_access(shadow_line(s), a);
    if (see_more(s, a))
        return true;
    const uint32_t before = shadow_lock(s);
    if (before == TAG_BUSY)
        return true;
    const uint32_t tag = tag_recorded(before) ? before : change(s, before, a);
    const uint32_t line = shadow_line(s);
    shadow_unlock(s, tag);
    if (tag_recorded(tag))
        return line_access(line, a);
    look_beside(a->address);
    return true;
}

static void see_all(const struct access *a)
{
    struct me *me = &access_me;
    if (!access_enter())
        return;
    const int before = errno;
    if (me->tag == TAG_STRANGER)
        thread_adopt();
    if (me->tag != TAG_STRANGER) {
        me->accesses++;
        if (!see(a))
            see(a);
    }
    errno = before;
    access_leave();
}

void access_slow(uintptr_t address, unsigned size, unsigned kind, uintptr_t pc)
{
    const struct shadow *s = shadow_of(address);
    const struct access a = {.address = address, .pc = pc, .size = size, .kind = kind};
    if (s->tag != TAG_RESTS || !throttle_counts(shadow_line(s), &a))
        see_all(&a);
}

static void forget_line(struct shadow *s, uint64_t mask)
{
    if (__atomic_load_n(&s->tag, __ATOMIC_RELAXED) == 0)
        return;
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
    if (line && !tag_recorded(tag))
        line_fold(s, tag);
    s->info = 0;
    s->reads = s->writes = 0;
    shadow_unlock(s, 0);
    if (line)
        line_close(line - 1);
}

bool shadow_drop(uintptr_t address, uint32_t line)
{
    struct shadow *s = shadow_of(address);
    const uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return false;
    const bool same = s->info >> INFO_LINE_SHIFT == line + 1;
    if (same)
        s->info = s->reads = s->writes = 0;
    shadow_unlock(s, same ? 0 : tag);
    return same;
}

static void forget_lines(uintptr_t start, uintptr_t end)
{
    for (uintptr_t at = start; at < end;) {
        const uintptr_t next = (at & -(uintptr_t)RECORD_LINE) + RECORD_LINE;
        const unsigned size = (unsigned)((end < next ? end : next) - at);
        forget_line(shadow_of(at), bytes_mask(at, size));
        at = next;
    }
}

/* Pages of shadow that go as a whole are given back, since walking a gigabyte's would take long;
 * lines with records are seldom in such blocks and are closed by line_access when met again. */
void shadow_forget(uintptr_t start, size_t size)
{
    enum { BIG = 1 << 18, BLOCK = RECORD_LINE << BLOCK_SHIFT };
    const uintptr_t end = start + size;
    if (size < BIG) {
        forget_lines(start, end);
        return;
    }
    const uintptr_t low = (start + BLOCK - 1) & -(uintptr_t)BLOCK, high = end & -(uintptr_t)BLOCK;
    madvise(access_gate.shadow + (low >> LINE_SHIFT),
        ((high - low) >> LINE_SHIFT) * sizeof *access_gate.shadow, MADV_DONTNEED);
    forget_lines(start, low);
    forget_lines(high, end);
}
