/* SPDX-License-Identifier: MIT
 * What happened before what, by create, join and barriers only: vector clocks over thread slots.
 * Locks order nothing here: two threads that take turns under a lock still hand the line over. */
#include "runtime/access.h"

enum { BARRIERS = 1024 };

struct round {
    uint32_t clock[SLOTS + 1];
};
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

bool vector_clock_init(void)
{
    clocks = access_map(sizeof *clocks * (SLOTS + 1));
    barriers = access_map(sizeof *barriers * BARRIERS);
    epochs = access_map(sizeof *epochs * (SLOTS + 1));
    return clocks && barriers && epochs;
}

static bool is_before(uint32_t epoch, uint32_t known)
{
    return known != 0 && ((known - epoch) & EPOCH_MASK) <= EPOCH_MASK / 2;
}

bool vector_clock_covers(uint32_t slot, uint32_t tag)
{
    return is_before(tag & EPOCH_MASK, clocks[slot].clock[tag_slot(tag)]);
}

void vector_clock_step(uint32_t slot)
{
    uint32_t next = (epochs[slot] + 1) & EPOCH_MASK;
    if (next == 0)
        next = 1;
    epochs[slot] = next;
}

uint32_t vector_clock_tag(uint32_t slot)
{
    return slot << EPOCH_BITS | epochs[slot];
}

static void merge(struct round *to, const struct round *from)
{
    const uint32_t slots = thread_slots();
    for (uint32_t i = 1; i < slots; i++)
        if (from->clock[i] && !is_before(from->clock[i], to->clock[i]))
            to->clock[i] = from->clock[i];
}

void vector_clock_create(uint32_t parent, uint32_t child)
{
    const uint32_t slots = thread_slots();
    for (uint32_t i = 0; i < slots; i++)
        clocks[child].clock[i] = clocks[parent].clock[i];
    clocks[child].clock[parent] = epochs[parent];
    vector_clock_step(child);
    vector_clock_step(parent);
}

void vector_clock_join(uint32_t joiner, uint32_t ended)
{
    merge(&clocks[joiner], &clocks[ended]);
    clocks[joiner].clock[ended] = epochs[ended];
}

static struct barrier *find(uintptr_t address, bool make)
{
    const uint32_t start = (uint32_t)(address >> 4) % BARRIERS;
    for (uint32_t i = 0; i < 16; i++) {
        struct barrier *b = &barriers[(start + i) % BARRIERS];
        uintptr_t none = 0;
        if (__atomic_load_n(&b->address, __ATOMIC_ACQUIRE) == address)
            return b;
        if (make && __atomic_compare_exchange_n(
                        &b->address, &none, address, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return b;
    }
    return NULL;
}

/* Also when one is destroyed (count 0): what the next at this address orders is more than it
 * does, for its first round only if threads came by that had no other order. */
void vector_clock_barrier_init(uintptr_t address, unsigned count)
{
    struct barrier *b = find(address, count > 0);
    if (!b)
        return;
    b->count = count;
    b->arrived = 0;
}

void vector_clock_fork(void)
{
    for (uint32_t i = 0; i < BARRIERS; i++)
        if (barriers[i].address)
            barriers[i].lock = 0;
}

void *vector_clock_barrier_arrive(uintptr_t address)
{
    const uint32_t slot = tag_slot(access_me.tag);
    struct barrier *b = find(address, false);
    if (!b || b->count == 0 || slot > SLOTS - 1)
        return NULL;
    access_lock(&b->lock);
    struct round *round = &b->round[b->arrived / b->count % 2];
    merge(round, &clocks[slot]);
    round->clock[slot] = epochs[slot];
    b->arrived++;
    access_unlock(&b->lock);
    vector_clock_step(slot);
    access_me.tag = vector_clock_tag(slot);
    return round;
}

void vector_clock_barrier_leave(void *round)
{
    if (round)
        merge(&clocks[tag_slot(access_me.tag)], round);
}
