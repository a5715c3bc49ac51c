/* SPDX-License-Identifier: MIT
 * The tables of line_stats and of footprints, their entries' bursts and phases, and which
 * line_stats are worth their room. */
#include "runtime/line_table.h"

#include "runtime/base/entries.h"
#include "runtime/base/plain_libc.h"
#include "runtime/lives.h"
#include "runtime/objects.h"
#include "runtime/vector_clock.h"

static uint32_t promoted; /* line_stats made, those that were given back, too */

uint32_t line_add_footprint(uint32_t tag)
{
    const uint32_t index = entries_take(&record->touches, record_touches);
    struct footprint *t = footprint_at(index);
    if (t) {
        plain_zero(t, sizeof *t);
        const struct lifetime life = lives_of_tag(tag);
        t->slot = tag_slot(tag);
        t->life = life.number;
        t->begin_tick = life.begin_tick;
        t->locks = RECORD_LOCKS_UNKNOWN;
    }
    return index;
}

void line_begin_burst(struct line_stat *line)
{
    for (struct footprint *t = footprint_at(line->holder); t; t = footprint_at(t->holder)) {
        t->valid = COPY_NONE;
        t->now_read = t->now_written = t->lost_read = t->lost_written = 0;
    }
    line->holder = 0;
    line->last_written = 0;
    line->burst = state_burst;
}

/* Was the line shared since the last phase ended: used by two threads, one of them writing? */
static bool was_shared(const struct line_stat *line)
{
    uint32_t first = 0;
    bool threads = false, writers = false;
    for (const struct footprint *t = footprint_at(line->touch); t; t = footprint_at(t->next)) {
        if (footprint_phase_accesses(t) == 0)
            continue;
        threads |= first && first != t->slot;
        first = t->slot;
        writers |= t->writes > t->before_writes;
    }
    return threads && writers;
}

static void keep_counts(struct footprint *t)
{
    t->before_reads = t->reads;
    t->before_writes = t->writes;
    t->before_read_mask = t->read_mask;
    t->before_write_mask = t->write_mask;
    t->before_sites = t->sites;
}

/* A site has one count for all phases: of what is taken back it is taken to have its share. */
static void scale_sites(struct footprint *t, uint64_t left)
{
    const uint64_t all = t->reads + t->writes;
    for (uint32_t i = 0; left < all && i < t->sites; i++)
        t->site[i].count = (uint64_t)((double)t->site[i].count * (double)left / (double)all);
}

static void take_back_counts(struct footprint *t)
{
    scale_sites(t, t->before_reads + t->before_writes);
    t->reads = t->before_reads;
    t->writes = t->before_writes;
    t->read_mask = t->before_read_mask;
    t->write_mask = t->before_write_mask;
    t->sites = t->before_sites;
}

/* The footprint with the most accesses in this phase, of all slots but one; NULL: there were none.
 */
static const struct footprint *busiest(const struct line_stat *line, uint32_t but)
{
    const struct footprint *most = NULL;
    for (const struct footprint *t = footprint_at(line->touch); t; t = footprint_at(t->next))
        if (t->slot != but &&
            (!most || footprint_phase_accesses(t) > footprint_phase_accesses(most)))
            most = t;
    return most;
}

static void add_contended(struct line_stat *line)
{
    const struct footprint *const first = busiest(line, 0);
    const struct footprint *const second = busiest(line, first->slot);
    for (struct footprint *t = footprint_at(line->touch); t; t = footprint_at(t->next)) {
        const uint64_t n = footprint_phase_accesses(t),
                       other = footprint_phase_accesses(t->slot == first->slot ? second : first);
        t->contended += n < other ? n : other;
    }
}

/* A neighbour's counts of a phase stay only if in that phase another thread used an adjacent line.
 */
static void end_phase(struct line_stat *line)
{
    const bool shared = was_shared(line);
    if (shared) {
        line_stop_neighbour(line);
        add_contended(line);
    }
    line->phases += shared;
    const bool keep = shared || line->beside || line->flags & RECORD_SHARED;
    line->beside = 0;
    for (struct footprint *t = footprint_at(line->touch); t; t = footprint_at(t->next)) {
        t->end_tick = t->end_tick ? t->end_tick : lives_end_tick(t->slot, t->life);
        (keep ? keep_counts : take_back_counts)(t);
    }
}

/* Takes back what the thread counted in earlier phases. */
static void forget_phases(struct footprint *t)
{
    const uint64_t reads = t->reads - t->before_reads, writes = t->writes - t->before_writes;
    scale_sites(t, reads + writes);
    if (reads + writes == 0)
        t->read_mask = t->write_mask = t->sites = 0;
    t->reads = reads;
    t->writes = writes;
    t->before_reads = t->before_writes = 0;
    t->before_read_mask = t->before_write_mask = t->before_sites = 0;
}

void line_stop_neighbour(struct line_stat *line)
{
    if (!(line->flags & RECORD_NEIGHBOUR))
        return;
    line->flags &= ~(uint32_t)RECORD_NEIGHBOUR;
    for (struct footprint *t = footprint_at(line->touch); t; t = footprint_at(t->next))
        forget_phases(t);
}

void line_begin_phase(struct line_stat *line, const struct footprint *mine)
{
    for (const struct footprint *t = footprint_at(line->touch); t; t = footprint_at(t->next)) {
        if (t != mine && !vector_clock_covers(mine->slot, t->tag))
            return;
    }
    end_phase(line);
}

/* The owner's footprint gets what the line's entry counted. */
static void seed_footprint(struct footprint *t, const struct shadow *s, uint32_t tag)
{
    t->tag = t->wrote = tag;
    t->reads = s->reads;
    t->writes = s->writes;
    t->read_mask = t->now_read = shadow_read(s);
    t->write_mask = t->now_written = shadow_written(s);
    t->valid = shadow_written(s) ? COPY_OWNED : COPY_SHARED;
}

static void add_object(struct line_stat *line, uint32_t object)
{
    for (uint32_t i = 0; i < line->objects; i++)
        if (line->object[i] == object)
            return;
    if (line->objects == RECORD_OBJECTS) {
        line->objects_lost++;
        return;
    }
    line->object[line->objects] = object;
    line->objects++;
}

/* Under LOCK_OBJECTS, so that none is added twice. A line on which nothing else is known may be a
 * thread's stack. */
static void add_objects(struct line_stat *line)
{
    uint32_t found[RECORD_OBJECTS];
    lock_take(lock_of(LOCK_OBJECTS));
    const unsigned n = objects_on_line(line->address, found);
    for (unsigned i = 0; i < n; i++)
        add_object(line, found[i]);
    const int stack = line->objects ? -1 : objects_add_stack(line->address);
    if (stack >= 0)
        add_object(line, (uint32_t)stack);
    lock_release(lock_of(LOCK_OBJECTS));
}

static void add_objects_at(uintptr_t address)
{
    const uint32_t index = shadow_line(shadow_of(address));
    if (index != NO_LINE)
        add_objects(&record_lines[index]);
}

void line_note_object(uintptr_t start, size_t size)
{
    if (record->lines.count) {
        add_objects_at(start);
        add_objects_at(start + size);
    }
}

bool line_promote(struct shadow *s, uintptr_t address, uint32_t tag, unsigned flags)
{
    const uint32_t touch = line_add_footprint(tag);
    const uint32_t index = touch ? entries_take(&record->lines, record_lines) : 0;
    if (!index) {
        if (touch)
            entries_give_back(&record->touches, record_touches, touch);
        return false;
    }
    struct line_stat *line = &record_lines[index - 1];
    const uint32_t generation = line->generation + 1;
    __atomic_fetch_add(&promoted, 1, __ATOMIC_RELAXED);
    plain_zero(line, sizeof *line);
    line->generation = generation;
    line->address = address & -(uintptr_t)RECORD_LINE;
    line->touch = line->holder = touch;
    line->touches = line->lives = 1;
    line->flags = flags;
    line->beside = flags & RECORD_NEIGHBOUR ? 1 : 0;
    line->burst = state_burst;
    line->first_tick = arch_ticks();
    seed_footprint(footprint_at(touch), s, tag);
    add_objects(line);
    s->info |= index << INFO_LINE_SHIFT;
    return true;
}

bool line_table_is_roomy(void)
{
    return __atomic_load_n(&promoted, __ATOMIC_RELAXED) < record->lines.capacity / 2 &&
           record->touches.count < record->touches.capacity / 2;
}

/* Where room is scarce, a line with fewer hand-overs is not worth its line_stat. */
enum { WORTH_HANDOVERS = 16, WORTH_COUNT = 1024 };

static bool is_worth(const struct line_stat *line)
{
    unsigned busy = 0;
    if (line_table_is_roomy() && line->false_handovers + line->true_handovers > 0)
        return true;
    for (const struct footprint *t = footprint_at(line->touch); t; t = footprint_at(t->next))
        busy += t->reads + t->writes >= WORTH_COUNT;
    if (line->flags & (RECORD_NEIGHBOUR | RECORD_SHARED))
        return busy >= 1;
    return line->false_handovers + line->true_handovers >= WORTH_HANDOVERS || busy >= 2;
}

static void give_back_line(uint32_t index)
{
    struct line_stat *line = &record_lines[index];
    const uint32_t generation = line->generation + 1;
    for (uint32_t i = line->touch, next; i; i = next) {
        next = record_touches[i - 1].next;
        entries_give_back(&record->touches, record_touches, i);
    }
    entries_give_back(&record->lines, record_lines, index + 1);
    line->generation = generation;
}

/* With the line's lock: the one caller that gets true gives the line_stat back. */
static bool give_up_line(struct line_stat *line)
{
    const bool first = line->touch && !line->dropped;
    line->flags |= RECORD_CLOSED;
    line->dropped = 1;
    line->generation++;
    return first;
}

void line_close(uint32_t index)
{
    struct line_stat *line = &record_lines[index];
    lock_take(&line->lock);
    line->flags |= RECORD_CLOSED;
    line->generation++;
    end_phase(line);
    const bool worthless = !is_worth(line) && give_up_line(line);
    lock_release(&line->lock);
    if (worthless)
        give_back_line(index);
}

static bool is_full(const struct record_table *table)
{
    return !table->free && table->count == table->capacity;
}

/* Buffers that threads pass on have a few hand-overs in each of thousands of lines; a line that
 * threads fight for has as many in a millisecond. The search goes round, a few entries a call. */
enum { LOOKED_AT = 64, COLD_HANDOVERS = 64, YOUNG_TICKS = 1 << 24 };

static bool is_cold(const struct line_stat *line)
{
    return line->touch && line->false_handovers + line->true_handovers < COLD_HANDOVERS &&
           !(line->flags & RECORD_NEIGHBOUR) && !(line->flags & RECORD_SHARED && is_worth(line)) &&
           arch_ticks() - line->first_tick > YOUNG_TICKS;
}

static bool drop_if_cold(uint32_t index)
{
    struct line_stat *line = &record_lines[index];
    const uint64_t address = line->address;
    if (!is_cold(line) || (!(line->flags & RECORD_CLOSED) && !shadow_drop(address, index)))
        return false;
    lock_take(&line->lock);
    const bool mine = line->address == address && give_up_line(line);
    lock_release(&line->lock);
    if (mine)
        give_back_line(index);
    return mine;
}

static bool drop_cold_line(void)
{
    static uint32_t position;
    for (unsigned i = 0; i < LOOKED_AT; i++) {
        const uint32_t next = __atomic_fetch_add(&position, 1, __ATOMIC_RELAXED);
        if (drop_if_cold(next % record->lines.capacity))
            return true;
    }
    return false;
}

bool line_room(bool make)
{
    if (!is_full(&record->lines) && !is_full(&record->touches))
        return true;
    if (make && drop_cold_line())
        return true;
    record->lines.overflowed += make;
    return false;
}

void line_finish_all(void)
{
    for (uint32_t i = 0; i < record->lines.count; i++) {
        struct line_stat *line = &record_lines[i];
        if (line->touch && !(line->flags & RECORD_CLOSED))
            end_phase(line);
    }
}
