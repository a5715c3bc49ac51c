/* SPDX-License-Identifier: MIT
 * Chains of entries that were given back, the latest at the end. */
#include "runtime/base/entries.h"

#include "base/arch/arch.h"
#include "runtime/base/lock.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"

/* At the beginning of an entry that was given back. */
struct given_back {
    uint32_t next;  /* index + 1; table.free is that of the one that has rested longest */
    uint32_t since; /* in units of 2^GRACE_BITS ticks */
};
/* Of lines and of touches: index + 1 of the latest. Valid while table.free is. */
static uint32_t latest_given_back[2];

/* A thread that looked at a line's generation writes to its footprint without a lock: it must not
 * be another line's by then. An entry rests so many ticks, some 0.1 s, while there are others. */
enum { GRACE_BITS = 26, GRACE = 2 };

static uint32_t grace_now(void)
{
    return (uint32_t)(arch_ticks() >> GRACE_BITS);
}

static struct given_back *given_back_at(
    const struct record_table *table, void *entries, uint32_t index)
{
    return (void *)((char *)entries + (size_t)(index - 1) * table->bytes);
}

static bool has_rested(const struct record_table *table, void *entries)
{
    return table->free &&
           (grace_now() - given_back_at(table, entries, table->free)->since >= GRACE ||
               table->count == table->capacity);
}

uint32_t entries_take(struct record_table *table, void *entries)
{
    uint32_t index = 0;
    lock_take(lock_of(LOCK_TABLES));
    if (has_rested(table, entries)) {
        index = table->free;
        table->free = given_back_at(table, entries, index)->next;
    } else if (table->count < table->capacity) {
        index = ++table->count;
    } else {
        table->overflowed++;
    }
    lock_release(lock_of(LOCK_TABLES));
    return index;
}

void entries_give_back(struct record_table *table, void *entries, uint32_t index)
{
    struct given_back *const entry = given_back_at(table, entries, index);
    uint32_t *const latest = &latest_given_back[table == &record->touches];
    plain_zero(entry, table->bytes);
    entry->since = grace_now();
    lock_take(lock_of(LOCK_TABLES));
    if (table->free)
        given_back_at(table, entries, *latest)->next = index;
    else
        table->free = index;
    *latest = index;
    lock_release(lock_of(LOCK_TABLES));
}
