/* SPDX-License-Identifier: MIT
 * A line whose only user is known well enough is biased to it: its entry has the owner's tag, and
 * tier 1 counts until another thread comes. */
#include "runtime/bias.h"

#include "runtime/inside.h"
#include "runtime/line_table.h"

/* What a thread does in tier 1 has the locks that it has now, until it gives one back: then the
 * bias of the line ends. False: there is no room to note that. */
static bool keep_locks(const struct line_stat *line, struct footprint *t)
{
    struct me *const me = &state_me;
    const uint32_t index = (uint32_t)(line - record_lines);
    uint32_t at = 0;
    while (at < me->locked_count && me->locked[at].line != index)
        at++;
    const bool fits = !me->locks[0] || at < LOCKED;
    t->kept[0] = fits ? me->locks[0] : 0;
    t->kept[1] = fits ? me->locks[1] : 0;
    if (!t->kept[0])
        return fits;
    me->locked[at] = (struct locked_line){index, t->tag};
    me->locked_count += at == me->locked_count;
    return true;
}

static uint32_t locks_for(const struct record_site *site, const uint32_t locks[2])
{
    return locks[(site->kind & RECORD_WRITE) != 0];
}

/* Has the thread the locks with which it uses the line? If one access without a lock, such as that
 * which finds the lock, began a bias, all that follow with it would count as without. */
static bool has_usual_locks(const struct footprint *t)
{
    enum { RARELY = 16 };
    uint64_t all = 0, without = 0;
    for (uint32_t i = 0; i < t->sites; i++) {
        all += t->site[i].count;
        without +=
            t->site[i].locks & ~locks_for(&t->site[i], state_me.locks) ? t->site[i].count : 0;
    }
    return without * RARELY <= all;
}

void bias_begin(struct line_stat *line, struct footprint *t)
{
    struct shadow *s = shadow_of(line->address);
    if (!has_usual_locks(t)) {
        line->patience = 0;
        return;
    }
    lock_take(&line->lock);
    if (t->valid == COPY_OWNED && t->tag == state_me.tag && !(line->flags & RECORD_CLOSED) &&
        shadow_try_lock(s, TAG_TIER2)) {
        s->unread = s->unwritten = ~0ull;
        s->reads = s->writes = t->seen_reads = t->seen_writes = 0;
        t->last_tick = 0;
        shadow_unlock(s, keep_locks(line, t) ? t->tag : TAG_TIER2);
    }
    line->patience = 0;
    lock_release(&line->lock);
}

/* A thread that was stopped between reading the entry's count and writing it back may have set it
 * back: then nothing is added, rather than four billion. */
static uint32_t count_growth(uint32_t now, uint32_t seen)
{
    return (int32_t)(now - seen) > 0 ? now - seen : 0;
}

static bool is_within(const struct record_site *site, unsigned kind, uint64_t bytes)
{
    return site->kind & kind && bytes_mask(site->first, site->size) & bytes;
}

/* Tier 1 has counted so many accesses of this kind, to these bytes: of the sites that use them, as
 * often as before, with the locks that the thread had all that time. */
static void add_to_sites(struct footprint *t, unsigned kind, uint64_t bytes, uint32_t accesses)
{
    uint64_t before = 0;
    for (uint32_t i = 0; accesses && i < t->sites; i++)
        before += is_within(&t->site[i], kind, bytes) ? t->site[i].count : 0;
    if (!before)
        return;
    const uint64_t growth = ((uint64_t)accesses << 32) / before; /* a fixed-point number */
    for (uint32_t i = 0; i < t->sites; i++)
        if (is_within(&t->site[i], kind, bytes)) {
            t->site[i].count += t->site[i].count * growth >> 32;
            t->site[i].locks &= locks_for(&t->site[i], t->kept);
        }
}

void bias_fold(const struct shadow *s, uint32_t tag)
{
    const uint32_t index = shadow_line(s);
    if (index == NO_LINE)
        return;
    struct line_stat *line = &record_lines[index];
    struct footprint *t = footprint_of_slot(line, tag_slot(tag));
    if (!t)
        return;
    const uint32_t reads = count_growth(s->reads, t->seen_reads),
                   writes = count_growth(s->writes, t->seen_writes);
    if (reads | writes)
        t->locks &= t->kept[1];
    add_to_sites(t, RECORD_READ, shadow_read(s), reads);
    add_to_sites(t, RECORD_WRITE, shadow_written(s), writes);
    t->reads += reads;
    t->writes += writes;
    t->seen_reads = s->reads;
    t->seen_writes = s->writes;
    t->read_mask |= shadow_read(s);
    t->write_mask |= shadow_written(s);
    t->now_read |= shadow_read(s);
    t->now_written |= shadow_written(s);
    t->wrote = shadow_written(s) ? tag : t->wrote;
    if ((shadow_read(s) & t->lost_written) | (shadow_written(s) & (t->lost_written | t->lost_read)))
        line_make_true(line, t);
}

static void end_locked(const struct locked_line *l)
{
    struct shadow *const s = shadow_of(record_lines[l->line].address);
    if (!shadow_try_lock(s, l->tag))
        return; /* it has ended */
    const bool same = shadow_line(s) == l->line;
    if (same)
        bias_fold(s, l->tag);
    shadow_unlock(s, same ? TAG_TIER2 : l->tag);
}

void bias_end_locked(void)
{
    struct me *const me = &state_me;
    if (!inside_enter()) /* a signal's handler: the next one to give back does it */
        return;
    for (uint32_t i = 0; i < me->locked_count; i++)
        end_locked(&me->locked[i]);
    me->locked_count = 0;
    inside_leave();
}

void bias_fold_all(void)
{
    uint64_t handovers = 0;
    for (uint32_t i = 0; i < record->lines.count; i++) {
        const struct line_stat *line = &record_lines[i];
        handovers += line->false_handovers + line->true_handovers;
        if (!line->touch || line->flags & RECORD_CLOSED)
            continue;
        const struct shadow *s = shadow_of(line->address);
        const uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_ACQUIRE);
        if (tag_slot(tag) < SLOTS && shadow_line(s) == i)
            bias_fold(s, tag);
    }
    record->handovers = handovers;
}
