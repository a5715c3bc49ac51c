/* SPDX-License-Identifier: MIT
 * Vector clocks over thread slots: what is ordered by create, join, barriers and OpenMP's teams.
 * Locks order nothing here: two threads that take turns under a lock still hand the line over. */
#include "runtime/vector_clock.h"

#include "base/arch/arch.h"
#include "runtime/base/by_address.h"
#include "runtime/base/lock.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"
#include "runtime/base/tag.h"

enum { BARRIERS = 1024 };

struct barrier {
    uintptr_t address;
    uint32_t lock, count, arrived;
    /* Of this round and the one before: a thread may leave a barrier after others have come to it
     * again, but not after they have come twice. */
    struct round round[2];
};
static struct round *clocks; /* of each slot */
static struct barrier *barriers;
static uint32_t *epochs;
static uint32_t slots = 1; /* used so far, and 0 */
/* Of each slot, the last epoch that happened before all that is done now; 0: none, or long ago. */
static uint32_t passed[SLOTS + 1];

bool vector_clock_init(void)
{
    clocks = plain_map(sizeof *clocks * (SLOTS + 1));
    barriers = plain_map(sizeof *barriers * BARRIERS);
    epochs = plain_map(sizeof *epochs * (SLOTS + 1));
    return clocks && barriers && epochs;
}

uint32_t vector_clock_slots(void)
{
    return __atomic_load_n(&slots, __ATOMIC_ACQUIRE);
}

void vector_clock_add_slot(void)
{
    __atomic_store_n(&slots, slots + 1, __ATOMIC_RELEASE);
}

static bool is_before(uint32_t epoch, uint32_t known)
{
    return known != 0 && ((known - epoch) & EPOCH_MASK) <= EPOCH_MASK / 2;
}

bool vector_clock_covers(uint32_t slot, uint32_t tag)
{
    const uint32_t epoch = tag & EPOCH_MASK, other = tag_slot(tag);
    return is_before(epoch, clocks[slot].clock[other]) || is_before(epoch, passed[other]);
}

void vector_clock_step(uint32_t slot)
{
    uint32_t next = (epochs[slot] + 1) & EPOCH_MASK;
    if (next == 0)
        next = 1;
    epochs[slot] = next;
    if (((next - passed[slot]) & EPOCH_MASK) >
        EPOCH_MASK / 4) /* before it would be in the future */
        passed[slot] = 0;
}

void vector_clock_pass(uint32_t slot)
{
    passed[slot] = epochs[slot];
    vector_clock_step(slot);
}

uint32_t vector_clock_tag(uint32_t slot)
{
    return slot << EPOCH_BITS | epochs[slot];
}

static void merge_clocks(struct round *to, const struct round *from)
{
    const uint32_t count = vector_clock_slots();
    for (uint32_t i = 1; i < count; i++)
        if (from->clock[i] && !is_before(from->clock[i], to->clock[i]))
            to->clock[i] = from->clock[i];
}

void vector_clock_create(uint32_t parent, uint32_t child)
{
    const uint32_t count = vector_clock_slots();
    for (uint32_t i = 0; i < count; i++)
        clocks[child].clock[i] = clocks[parent].clock[i];
    clocks[child].clock[parent] = epochs[parent];
    vector_clock_step(child);
    vector_clock_step(parent);
}

void vector_clock_join(uint32_t joiner, uint32_t ended)
{
    merge_clocks(&clocks[joiner], &clocks[ended]);
    clocks[joiner].clock[ended] = epochs[ended];
}

static struct barrier *find_barrier(uintptr_t address, bool make)
{
    const struct by_address table = {barriers, sizeof *barriers, BARRIERS};
    return by_address_find(&table, address, make);
}

void vector_clock_barrier_init(uintptr_t address, unsigned count)
{
    struct barrier *b = find_barrier(address, count > 0);
    if (!b)
        return;
    b->count = count;
    b->arrived = 0;
    vector_clock_clear(&b->round[0]);
    vector_clock_clear(&b->round[1]);
    if (!count)
        by_address_remove(b);
}

void vector_clock_fork(void)
{
    for (uint32_t i = 0; i < BARRIERS; i++)
        if (barriers[i].address)
            barriers[i].lock = 0;
}

struct round *vector_clock_barrier_arrive(uintptr_t address)
{
    struct barrier *b = find_barrier(address, false);
    if (!b || b->count == 0)
        return NULL;
    lock_take(&b->lock);
    struct round *round = &b->round[b->arrived++ / b->count % 2];
    lock_release(&b->lock);
    vector_clock_release(round);
    return round;
}

void vector_clock_clear(struct round *round)
{
    plain_zero(round->clock, vector_clock_slots() * sizeof *round->clock);
    round->lock = 0;
}

static void come_to(struct round *to, uint32_t slot, uint32_t epoch)
{
    lock_take(&to->lock);
    merge_clocks(to, &clocks[slot]);
    if (!is_before(epoch, to->clock[slot]))
        to->clock[slot] = epoch;
    lock_release(&to->lock);
}

void vector_clock_release(struct round *to)
{
    const uint32_t slot = tag_slot(state_me.tag);
    if (slot >= SLOTS)
        return;
    come_to(to, slot, epochs[slot]);
    vector_clock_step(slot);
    state_me.tag = vector_clock_tag(slot);
}

void vector_clock_go_on(uint32_t slot, const struct round *from)
{
    if (slot && slot < SLOTS)
        merge_clocks(&clocks[slot], from);
}

void vector_clock_acquire(const struct round *from)
{
    vector_clock_go_on(tag_slot(state_me.tag), from);
}

/* What could change hands 10,000 times a second is worth a report (sharing_rule): where threads
 * order each other sooner, they take turns, and no phases end. */
enum { PHASE_NS = 100000 };
static _Thread_local uint64_t marked_at INITIAL_EXEC; /* when this thread last began an epoch so */

/* To read the clock takes longer than all the rest of what a channel needs: its ticks are counted,
 * once the recording is old enough that their rate is known. */
static uint64_t phase_ticks(void)
{
    enum { OLD_NS = 10000000 };
    static uint64_t known;
    const uint64_t ticks = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (ticks)
        return ticks;
    const uint64_t age_ns = plain_now_ns() - record->start_ns;
    const double rate = (double)(arch_ticks() - record->start_tick) / (double)(age_ns + 1);
    const uint64_t phase = (uint64_t)(rate * PHASE_NS) + 1;
    if (age_ns > OLD_NS)
        __atomic_store_n(&known, phase, __ATOMIC_RELAXED);
    return phase;
}

uint32_t vector_clock_mark(void)
{
    const uint32_t slot = tag_slot(state_me.tag);
    const uint64_t now = arch_ticks();
    if (slot >= SLOTS)
        return 0;
    if (now - marked_at >= phase_ticks()) {
        marked_at = now;
        vector_clock_step(slot);
        state_me.tag = vector_clock_tag(slot);
    }
    return epochs[slot] > 1 ? vector_clock_tag(slot) - 1 : 0;
}

void vector_clock_come(struct round *to, uint32_t tag)
{
    const uint32_t slot = tag_slot(tag);
    if (slot && slot < SLOTS)
        come_to(to, slot, tag & EPOCH_MASK);
}
