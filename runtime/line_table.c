/* SPDX-License-Identifier: MIT
 * The records of lines and of what threads did on them: room for them, their phases, their end. */
#include "runtime/line.h"

#include "base/arch/arch.h"

/* Entries that were given back are chained through their first word; table.free is the first's
 * index + 1. */

static uint32_t table_move(struct record_table *table, void *entries)
{
    uint32_t index = 0;
    access_lock(&access_locks[LOCK_TABLES].word);
    if (table->free) {
        index = table->free;
        __builtin_memcpy(&table->free, (char *)entries + (size_t)(index - 1) * table->bytes, 4);
    } else if (table->count < table->capacity) {
        index = ++table->count;
    } else {
        table->overflowed++;
    }
    access_unlock(&access_locks[LOCK_TABLES].word);
    return index;
}

static void table_give(struct record_table *table, void *entries, uint32_t index)
{
    char *at = (char *)entries + (size_t)(index - 1) * table->bytes;
    access_zero(at, table->bytes);
    access_lock(&access_locks[LOCK_TABLES].word);
    __builtin_memcpy(at, &table->free, 4);
    table->free = index;
    access_unlock(&access_locks[LOCK_TABLES].word);
}

uint32_t line_new_touch(uint32_t slot)
{
    const uint32_t index = table_move(&record->touches, record_touches);
    if (index) {
        access_zero(&record_touches[index - 1], sizeof *record_touches);
        record_touches[index - 1].slot = slot;
    }
    return index;
}

void line_new_burst(struct line_stat *line)
{
    for (uint32_t i = line->touch; i; i = record_touches[i - 1].next) {
        struct footprint *t = &record_touches[i - 1];
        t->valid = 0;
        t->now_read = t->now_written = t->lost_read = t->lost_written = 0;
        t->last_tick = 0;
    }
    line->last_written = 0;
    line->burst = access_burst;
}

/* Was the line shared since the last phase ended: two threads, one of them writing? */
static bool was_shared(const struct line_stat *line)
{
    unsigned threads = 0, writers = 0;
    for (uint32_t i = line->touch; i; i = record_touches[i - 1].next) {
        const struct footprint *t = &record_touches[i - 1];
        threads += t->reads > t->before_reads || t->writes > t->before_writes;
        writers += t->writes > t->before_writes;
    }
    return threads >= 2 && writers >= 1;
}

static void end_phase(struct line_stat *line)
{
    const bool shared = was_shared(line);
    line->phases += shared;
    for (uint32_t i = line->touch; i; i = record_touches[i - 1].next) {
        struct footprint *t = &record_touches[i - 1];
        if (shared || line->flags & RECORD_NEIGHBOUR) {
            t->before_reads = t->reads;
            t->before_writes = t->writes;
            t->before_read_mask = t->read_mask;
            t->before_write_mask = t->write_mask;
            t->before_sites = t->sites;
        } else {
            t->reads = t->before_reads;
            t->writes = t->before_writes;
            t->read_mask = t->before_read_mask;
            t->write_mask = t->before_write_mask;
            t->sites = t->before_sites;
        }
    }
}

void line_phase(struct line_stat *line, const struct footprint *mine)
{
    for (uint32_t i = line->touch; i; i = record_touches[i - 1].next) {
        const struct footprint *t = &record_touches[i - 1];
        if (t != mine && !vector_clock_covers(mine->slot, t->tag))
            return;
    }
    end_phase(line);
}

void line_remember(const struct line_stat *line, struct footprint *t)
{
    const uint32_t index = (uint32_t)(line - record_lines);
    access_me.near[index % NEAR] =
        (struct near){.line = index, .generation = line->generation, .touch = t};
}

int line_promote(struct shadow *s, uintptr_t address, uint32_t tag, unsigned flags)
{
    const uint32_t touch = line_new_touch(tag_slot(tag));
    const uint32_t index = touch ? table_move(&record->lines, record_lines) : 0;
    if (!index) {
        if (touch)
            table_give(&record->touches, record_touches, touch);
        return -1;
    }
    struct line_stat *line = &record_lines[index - 1];
    const uint32_t generation = line->generation + 1;
    access_zero(line, sizeof *line);
    line->generation = generation;
    line->address = address & -(uintptr_t)RECORD_LINE;
    line->touch = touch;
    line->touches = line->lives = 1;
    line->flags = flags;
    line->burst = access_burst;
    line->first_tick = arch_ticks();
    line_seed(index - 1, s, tag);
    objects_of_line(index - 1);
    return (int)index - 1;
}

/* So few hand-overs that the line is not worth its place. */
enum { WORTH_HANDOVERS = 16, WORTH_COUNT = 1024 };

static bool is_worth(const struct line_stat *line)
{
    unsigned busy = 0;
    for (uint32_t i = line->touch; i; i = record_touches[i - 1].next)
        busy += record_touches[i - 1].reads + record_touches[i - 1].writes >= WORTH_COUNT;
    if (line->flags & RECORD_NEIGHBOUR)
        return busy >= 1;
    return line->false_handovers + line->true_handovers >= WORTH_HANDOVERS || busy >= 2;
}

static void give_back(uint32_t index)
{
    struct line_stat *line = &record_lines[index];
    const uint32_t generation = line->generation + 1;
    for (uint32_t i = line->touch, next; i; i = next) {
        next = record_touches[i - 1].next;
        table_give(&record->touches, record_touches, i);
    }
    table_give(&record->lines, record_lines, index + 1);
    line->generation = generation;
}

/* Under the line's lock: whoever gets true gives it back, and nobody else. */
static bool give_up(struct line_stat *line)
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
    access_lock(&line->lock);
    line->flags |= RECORD_CLOSED;
    line->generation++;
    if (!was_shared(line))
        end_phase(line);
    const bool worthless = !is_worth(line) && give_up(line);
    access_unlock(&line->lock);
    if (worthless)
        give_back(index);
}

static bool is_full(const struct record_table *table)
{
    return !table->free && table->count == table->capacity;
}

/* Buffers that threads pass on have a few hand-overs in each of thousands of lines; a line that is
 * fought for has as many in a millisecond. The hand goes round, a few entries a call. */
enum { LOOKED_AT = 64, COLD_HANDOVERS = 64, YOUNG_TICKS = 1 << 24 };

static bool is_cold(const struct line_stat *line)
{
    return line->touch && line->false_handovers + line->true_handovers < COLD_HANDOVERS &&
           !(line->flags & RECORD_NEIGHBOUR) && arch_ticks() - line->first_tick > YOUNG_TICKS;
}

static bool drop(uint32_t index)
{
    struct line_stat *line = &record_lines[index];
    const uint64_t address = line->address;
    if (!is_cold(line) || (!(line->flags & RECORD_CLOSED) && !shadow_drop(address, index)))
        return false;
    access_lock(&line->lock);
    const bool mine = line->address == address && give_up(line);
    access_unlock(&line->lock);
    if (mine)
        give_back(index);
    return mine;
}

static bool drop_cold(void)
{
    static uint32_t hand;
    for (unsigned i = 0; i < LOOKED_AT; i++) {
        const uint32_t next = __atomic_fetch_add(&hand, 1, __ATOMIC_RELAXED);
        if (drop(next % record->lines.capacity))
            return true;
    }
    return false;
}

bool line_room(bool make)
{
    if (!is_full(&record->lines) && !is_full(&record->touches))
        return true;
    if (make && drop_cold())
        return true;
    record->lines.overflowed += make;
    return false;
}

void line_add_object(uint32_t index, uint32_t object)
{
    struct line_stat *line = &record_lines[index];
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

void line_finish_all(void)
{
    for (uint32_t i = 0; i < record->lines.count; i++) {
        struct line_stat *line = &record_lines[i];
        if (line->touch && !(line->flags & (RECORD_CLOSED | RECORD_NEIGHBOUR)) && !was_shared(line))
            end_phase(line);
    }
}
