/* SPDX-License-Identifier: MIT
 * Adjacent lines that are not shared, but used by several threads in the same phase, one of them
 * written by one thread, the other used by another or read by several: with lines of 128 bytes, or
 * with other start addresses, they would be. They get a line_stat, and are biased to their owner,
 * if they have one, as soon as its sites are known (line.c), so that they cost no more than
 * others. */
#include "runtime/neighbour.h"

#include "runtime/line_table.h"
#include "runtime/vector_clock.h"

enum {
    NOTED = 1024,    /* lines whose next line was another thread's when they were looked at */
    PROMOTED = 1024, /* limits their line_stats, since split arrays have many neighbours */
    HOT = 64,        /* accesses on each of both: fewer are start-up */
};
static uintptr_t noted[NOTED];
static uint32_t promoted;

/* What a thread did on a line before another took it over in an order, as main does that reads a
 * result after a join. The thread next to it may not have begun. Entries replace each other. */
enum { FORMER = 1024 };
static struct former {
    uintptr_t line;
    struct shadow use; /* its tag also is the lock, as a line's entry's is */
} former[FORMER];

static struct former *former_slot(uintptr_t address)
{
    const uintptr_t line = address >> LINE_SHIFT;
    return &former[(line ^ line >> 10) % FORMER];
}

void neighbour_note(uintptr_t address)
{
    const uintptr_t line = address >> LINE_SHIFT;
    __atomic_store_n(&noted[(line ^ line >> 10) % NOTED], line << LINE_SHIFT, __ATOMIC_RELAXED);
}

static void keep_former(uintptr_t address, const struct shadow *s, uint32_t tag)
{
    struct former *const f = former_slot(address);
    if (shadow_lock(&f->use) == TAG_BUSY)
        return;
    f->line = address >> LINE_SHIFT;
    f->use.unread = s->unread;
    f->use.unwritten = s->unwritten;
    f->use.reads = s->reads;
    f->use.writes = s->writes;
    shadow_unlock(&f->use, tag);
}

/* Tag 0: nothing is known. */
static struct shadow former_use(uintptr_t address)
{
    struct former *const f = former_slot(address);
    struct shadow use = {0};
    if (f->line != address >> LINE_SHIFT)
        return use;
    const uint32_t tag = shadow_lock(&f->use);
    if (tag == TAG_BUSY)
        return use;
    if (f->line == address >> LINE_SHIFT) {
        use = f->use;
        use.tag = tag;
    }
    shadow_unlock(&f->use, tag);
    return use;
}

void neighbour_forget(uintptr_t address, uint64_t mask)
{
    struct former *const f = former_slot(address);
    if (f->line != address >> LINE_SHIFT)
        return;
    const uint32_t tag = shadow_lock(&f->use);
    if (tag == TAG_BUSY)
        return;
    f->use.unread |= mask;
    f->use.unwritten |= mask;
    shadow_unlock(&f->use, shadow_read(&f->use) | shadow_written(&f->use) ? tag : 0);
}

/* How often several readers of a line did so is not counted (tier1.c). */
static bool is_hot(const struct shadow *s)
{
    return tag_is_recorded(s->tag) || s->tag == TAG_READERS || s->reads >= HOT || s->writes >= HOT;
}

static bool are_concurrent(uint32_t a, uint32_t b)
{
    const uint32_t first = tag_slot(a), second = tag_slot(b);
    if (first == 0 || second == 0 || a == TAG_BUSY || b == TAG_BUSY)
        return false;
    if (tag_is_recorded(a) || tag_is_recorded(b))
        return true;
    return first < SLOTS && second < SLOTS && first != second && !vector_clock_covers(first, b) &&
           !vector_clock_covers(second, a);
}

/* Of several readers, the entry has two (tier1.c). */
static bool is_used_with(const struct shadow *s, uint32_t tag)
{
    return s->tag == TAG_READERS ? are_concurrent(s->reads, tag) || are_concurrent(s->writes, tag)
                                 : are_concurrent(s->tag, tag);
}

static bool are_used_at_once(const struct shadow *a, const struct shadow *b)
{
    return a->tag == TAG_READERS ? is_used_with(a, b->tag) : is_used_with(b, a->tag);
}

/* A recorded line has had a conflict, hence a writer, unless it is recorded as a neighbour. */
static bool is_written(const struct shadow *s)
{
    const uint32_t line = shadow_line(s);
    if (s->tag == TAG_READERS)
        return false;
    return shadow_written(s) || (tag_is_recorded(s->tag) && line < record->lines.capacity &&
                                    !(record_lines[line].flags & RECORD_NEIGHBOUR));
}

/* One of several readers is the owner from now on; the others come again. The entry is locked. */
static uint32_t own_by_reader(struct shadow *s)
{
    const uint32_t tag = s->reads;
    s->unwritten = ~0ull;
    s->reads = s->writes = 0;
    return tag;
}

/* The former owner is the owner again, and this one's next access is to a line that is watched. */
static uint32_t own_again(struct shadow *s, const struct shadow *use)
{
    s->unread = use->unread;
    s->unwritten = use->unwritten;
    s->reads = use->reads;
    s->writes = use->writes;
    return use->tag;
}

/* `use`: what its line_stat begins with; the entry's own, or a former one. */
static void promote_neighbour(const struct shadow *use, uintptr_t address)
{
    struct shadow *const s = shadow_of(address);
    if (__atomic_load_n(&promoted, __ATOMIC_RELAXED) >= PROMOTED || tag_is_recorded(s->tag) ||
        s->info >> INFO_LINE_SHIFT)
        return;
    uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return;
    if (use != s)
        tag = own_again(s, use);
    else if (tag == TAG_READERS)
        tag = own_by_reader(s);
    if (tag_slot(tag) != 0 && tag_slot(tag) < SLOTS &&
        line_promote(s, address, tag, RECORD_NEIGHBOUR)) {
        tag = TAG_TIER2;
        __atomic_fetch_add(&promoted, 1, __ATOMIC_RELAXED);
    }
    shadow_unlock(s, tag);
}

static bool are_neighbours(const struct shadow *first, const struct shadow *second)
{
    return is_hot(first) && is_hot(second) && (is_written(first) || is_written(second)) &&
           are_used_at_once(first, second);
}

/* Is a footprint on the line of another thread than `tag`'s, and unordered with it? Without the
 * line's lock, since its own access may be waiting for ours: an entry that is being given back may
 * be misread, hence the limit. */
static bool has_concurrent(const struct line_stat *line, uint32_t tag)
{
    enum { LOOKED_AT = 64 };
    const struct footprint *t = footprint_at(line->touch);
    for (unsigned i = 0; t && i < LOOKED_AT; i++, t = footprint_at(t->next))
        if (are_concurrent(t->tag, tag))
            return true;
    return false;
}

/* The line's counts of this phase are wanted, if it has a line_stat. */
static void mark_recorded(uintptr_t address, uint32_t tag)
{
    const uint32_t index = shadow_line(shadow_of(address));
    struct line_stat *const line = index < record->lines.capacity ? &record_lines[index] : NULL;
    if (line && !tag_is_recorded(tag) && has_concurrent(line, tag))
        __atomic_store_n(&line->beside, 1, __ATOMIC_RELAXED);
}

static bool look_at_uses(const struct shadow *first, const struct shadow *second, uintptr_t address)
{
    if (!are_neighbours(first, second))
        return false;
    mark_recorded(address, second->tag);
    mark_recorded(address + RECORD_LINE, first->tag);
    promote_neighbour(first, address);
    promote_neighbour(second, address + RECORD_LINE);
    return true;
}

static void look_at_pair(uintptr_t address)
{
    const uintptr_t next = address + RECORD_LINE;
    const struct shadow before = former_use(address), before_next = former_use(next);
    if (!look_at_uses(shadow_of(address), shadow_of(next), address) &&
        !look_at_uses(&before, shadow_of(next), address))
        look_at_uses(shadow_of(address), &before_next, address);
}

void neighbour_harvest(void)
{
    for (size_t i = 0; i < NOTED; i++) {
        const uintptr_t line = noted[i];
        if (line)
            look_at_pair(line);
    }
}

void neighbour_keep(uintptr_t address)
{
    const struct shadow *s = shadow_of(address);
    const uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_RELAXED), slot = tag_slot(tag);
    if (slot == 0 || slot >= SLOTS || slot == tag_slot(state_me.tag) || !is_hot(s))
        return;
    const uintptr_t line = address & -(uintptr_t)RECORD_LINE;
    look_at_pair(line - RECORD_LINE);
    look_at_pair(line);
    keep_former(line, s, tag);
}

static void mark_pair(struct line_stat *line, uintptr_t adjacent)
{
    const struct shadow *s = shadow_of(adjacent);
    const uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_RELAXED), index = shadow_line(s);
    struct line_stat *other = index < record->lines.capacity ? &record_lines[index] : NULL;
    if (!(tag_is_recorded(tag) && other ? has_concurrent(other, state_me.tag)
                                        : are_concurrent(state_me.tag, tag)))
        return;
    line->beside = 1;
    if (other)
        __atomic_store_n(&other->beside, 1, __ATOMIC_RELAXED);
    else
        neighbour_note(line->address < adjacent ? line->address : adjacent);
}

void neighbour_mark(struct line_stat *line)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* as in note_neighbours: one of two sees the other */
    mark_pair(line, line->address - RECORD_LINE);
    mark_pair(line, line->address + RECORD_LINE);
}
