/* SPDX-License-Identifier: MIT
 * Tier 1: one word of owner and two byte masks for each line of the address space. Most of it is
 * never touched and so takes no memory. Decides when a line deserves a record. */
#include "probes/access/access.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "base/arch/arch.h"

/* x86-64 and aarch64 programs live below these (Linux, Documentation/arch/x86/x86_64/mm.rst;
 * aarch64 with 48 bits of virtual address). */
#define ADDRESS_BITS (sizeof(void *) == 8 ? ARCH_ADDRESS_BITS : 32)

struct shadow *access_shadow;

bool shadow_init(void)
{
    const size_t bytes = sizeof *access_shadow << (ADDRESS_BITS - LINE_SHIFT);
    access_shadow = access_map(bytes);
    if (!access_shadow) {
        access_text(record->note, sizeof record->note,
            "no address space for the shadow: a limit (ulimit -v) or vm.overcommit_memory=2");
        return false;
    }
    /* A child begins with nothing touched, and with nothing locked by threads it does not have. */
    madvise(access_shadow, bytes, MADV_WIPEONFORK);
    return true;
}

uint32_t shadow_lock(struct shadow *s)
{
    for (unsigned tries = 0; tries < 1u << 16; tries++) {
        uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_RELAXED);
        if (tag != TAG_BUSY && __atomic_compare_exchange_n(&s->tag, &tag, TAG_BUSY, true,
                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return tag;
        arch_pause();
    }
    return TAG_BUSY; /* the holder was stopped: this access is not seen */
}

static void unlock(struct shadow *s, uint32_t tag)
{
    __atomic_store_n(&s->tag, tag, __ATOMIC_RELEASE);
}

static void own(struct shadow *s, const struct access *a)
{
    const uint64_t mask = bytes_mask(a->address, a->size);
    s->read = a->kind & RECORD_READ ? mask : 0;
    s->written = a->kind & RECORD_WRITE ? mask : 0;
    s->reads = a->kind & RECORD_READ ? 1 : 0;
    s->writes = a->kind & RECORD_WRITE ? 1 : 0;
}

/* After that many hand-overs a line gets a record; so that lines which change hands once, as a
 * queue's entries do, do not fill the tables. A busy one gets it at once: on one cpu a thread may
 * have done all its work before the other begins, and there is one hand-over only. */
enum { PATIENCE = 3, BUSY_COUNT = 64 };

/* The line is another's, or of an earlier epoch of ours. Its shadow is locked; the tag to leave. */
static uint32_t change(struct shadow *s, uint32_t tag, const struct access *a)
{
    const uint32_t mine = access_me.tag;
    const bool other = tag != 0 && tag_slot(tag) != tag_slot(mine);
    const bool conflict =
        other && (s->written || a->kind & RECORD_WRITE) && !order_covers(tag_slot(mine), tag);
    if (conflict) {
        const unsigned handovers = s->info & INFO_HANDOVERS;
        if (handovers < INFO_HANDOVERS)
            s->info++;
        if (handovers + 1 >= PATIENCE || s->reads >= BUSY_COUNT || s->writes >= BUSY_COUNT) {
            const int line = line_promote(s, a->address, tag, 0);
            if (line >= 0) {
                s->info = (uint32_t)line;
                return TAG_TIER2;
            }
        }
    }
    if (s->info >> INFO_LINE_SHIFT)
        neighbour_fold(s, tag);
    own(s, a);
    return mine;
}

static void look_beside(const struct shadow *s, uintptr_t address)
{
    const uint32_t mine = tag_slot(access_me.tag);
    const uint32_t before = tag_slot(s[-1].tag), after = tag_slot(s[1].tag);
    if (before && before != mine && before <= SLOTS - 1)
        neighbour_note(address - RECORD_LINE);
    if (after && after != mine && after <= SLOTS - 1)
        neighbour_note(address);
}

static void see(const struct access *a)
{
    struct shadow *s = shadow_of(a->address);
    uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_ACQUIRE);
    if (tag != TAG_TIER2) {
        tag = shadow_lock(s);
        if (tag == TAG_BUSY)
            return;
        const bool tier1 = tag != TAG_TIER2;
        if (tier1)
            tag = change(s, tag, a);
        const uint32_t line = s->info;
        unlock(s, tag);
        if (tier1 && tag != TAG_TIER2)
            look_beside(s, a->address);
        if (tag == TAG_TIER2)
            line_access(line, a);
        return;
    }
    line_access(s->info, a);
}

void access_slow(uintptr_t address, unsigned size, unsigned kind, uintptr_t pc)
{
    struct me *me = &access_me;
    if (!access_enter())
        return;
    const int before = errno;
    if (me->tag == TAG_STRANGER)
        thread_adopt();
    if (me->tag != TAG_STRANGER) {
        const struct access a = {.address = address, .pc = pc, .size = size, .kind = kind};
        me->accesses++;
        see(&a);
    }
    errno = before;
    access_leave();
}

static void forget_line(struct shadow *s, uint64_t mask)
{
    if (__atomic_load_n(&s->tag, __ATOMIC_RELAXED) == 0)
        return;
    const uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    s->read &= ~mask;
    s->written &= ~mask;
    if (tag != TAG_TIER2 && s->read | s->written) {
        unlock(s, tag);
        return;
    }
    const uint32_t line = tag == TAG_TIER2 ? s->info + 1 : s->info >> INFO_LINE_SHIFT;
    s->info = 0;
    s->reads = s->writes = 0;
    unlock(s, 0);
    if (line)
        line_close(line - 1);
}

/* Pages of shadow that go as a whole are given back, since walking a gigabyte's would take long;
 * lines with records are seldom in such blocks and are closed by line_access when met again. */
enum { BIG = 1 << 18, SHADOW_PAGE = 4096 };

static void forget_pages(uintptr_t start, uintptr_t end)
{
    const uintptr_t low = ((uintptr_t)shadow_of(start) + SHADOW_PAGE - 1) & -(uintptr_t)SHADOW_PAGE;
    const uintptr_t high = (uintptr_t)shadow_of(end) & -(uintptr_t)SHADOW_PAGE;
    if (low < high)
        madvise((void *)low, high - low, MADV_DONTNEED);
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

void shadow_forget(uintptr_t start, size_t size)
{
    enum { EDGE = 2 * SHADOW_PAGE / (int)sizeof(struct shadow) * RECORD_LINE };
    if (size < BIG) {
        forget_lines(start, start + size);
        return;
    }
    forget_pages(start, start + size);
    forget_lines(start, start + EDGE);
    forget_lines(start + size - EDGE, start + size);
}
