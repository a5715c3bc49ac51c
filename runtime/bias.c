/* SPDX-License-Identifier: MIT
 * A line whose only user is known well enough is biased to it: its entry has the owner's tag, and
 * tier 1 counts until another thread comes. */
#include "runtime/bias.h"

#include "runtime/inside.h"
#include "runtime/line_table.h"

/* What a thread does in tier 1 has the locks that it has now, until it gives one back: then the
 * bias of the line ends. Where there is no room to note that, it has none. */
static void keep_locks(const struct line_stat *line, struct footprint *t)
{
    struct me *const me = &state_me;
    const uint32_t index = (uint32_t)(line - record_lines);
    uint32_t at = 0;
    while (at < me->locked_count && me->locked[at].line != index)
        at++;
    const bool keeps = me->locks[0] && at < LOCKED;
    t->kept[0] = keeps ? me->locks[0] : 0;
    t->kept[1] = keeps ? me->locks[1] : 0;
    if (!keeps)
        return;
    me->locked[at] = (struct locked_line){index, t->tag};
    me->locked_count += at == me->locked_count;
}

void bias_begin(struct line_stat *line, struct footprint *t)
{
    struct shadow *s = shadow_of(line->address);
    lock_take(&line->lock);
    if (t->valid == COPY_OWNED && t->tag == state_me.tag && !(line->flags & RECORD_CLOSED) &&
        shadow_try_lock(s, TAG_TIER2)) {
        s->unread = s->unwritten = ~0ull;
        s->reads = s->writes = t->seen_reads = t->seen_writes = 0;
        t->last_tick = 0;
        keep_locks(line, t);
        shadow_unlock(s, t->tag);
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

static void forget_locks(struct footprint *t)
{
    t->locks &= t->kept[1];
    for (uint32_t i = 0; i < t->sites; i++)
        t->site[i].locks &= t->kept[(t->site[i].kind & RECORD_WRITE) != 0];
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
    if (s->reads != t->seen_reads || s->writes != t->seen_writes)
        forget_locks(t);
    t->reads += count_growth(s->reads, t->seen_reads);
    t->writes += count_growth(s->writes, t->seen_writes);
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
