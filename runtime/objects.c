/* SPDX-License-Identifier: MIT
 * The living heap blocks and mappings: 16 bytes each in a hash table, and one bit where each
 * starts, so that the block in which an address lies is found by looking back for the bit. Every
 * malloc writes here, so it takes no lock. */
#include "runtime/objects.h"

#include "base/arch/arch.h"
#include "runtime/lock.h"
#include "runtime/plain_libc.h"
#include "runtime/recording.h"
#include "runtime/shadow.h"
#include "runtime/stack.h"
#include "runtime/thread.h"

enum {
    GRANULE_SHIFT = 4, /* malloc aligns to 16 bytes on 64-bit machines (glibc manual, 3.2.3.1) */
    ENTRIES = 1 << 21, /* two million living objects in 32 MB */
    NEAR_PROBES = 64,
    PROBES = 128,
    WORD = 64,
    LOOK_BACK = 1 << 16, /* words of 64 granules: blocks of up to 64 MB are found from their end */
};
struct object {
    /* Start in granules, and above it slot and kind; 0: empty. A removed one has REMOVED, so that
     * those behind it are found. */
    uint64_t key;
    uint32_t size, stack;
};
#define START_BITS (ARCH_ADDRESS_BITS - GRANULE_SHIFT)
#define START_MASK ((1ull << START_BITS) - 1)
#define KIND_SHIFT START_BITS
#define SLOT_SHIFT (START_BITS + 2)
#define REMOVED 1ull /* no object starts in the first page */

static struct object *objects;
static uint64_t *starts;

/* As the entries of tier 1, a granule stands for the same one in the other half where the address
 * space is folded (shadow.c). */
static uint64_t granule_of(uintptr_t address)
{
    const unsigned shift = LINE_SHIFT - GRANULE_SHIFT;
    return address >> GRANULE_SHIFT & (state_gate.lines << shift | ((1u << shift) - 1));
}

bool objects_init(void)
{
    objects = plain_map(sizeof *objects * ENTRIES);
    starts = plain_map((granule_of(UINTPTR_MAX) + 1) / 8);
    return objects && starts;
}

/* Neighbours in memory are neighbours in the table, so that a small heap uses few pages of it.
 * Arenas begin at multiples of 64 MB (glibc, HEAP_MAX_SIZE) and are spread by the product. Where
 * the table is crowded, as where a heap of more than 64 MB meets its own beginning, the entry may
 * be anywhere. */
static struct object *place_of(uint64_t granule, uint32_t probe)
{
    const uint64_t spread = (granule >> 22) * 0x9e3779b1u;
    const uint64_t near = (granule >> 1) + spread;
    const uint64_t hash = granule * 0x9e3779b97f4a7c15ull;
    const uint64_t far = (hash >> 40) + probe * (hash >> 16 | 1);
    return &objects[(probe < NEAR_PROBES ? near + probe : far) % ENTRIES];
}

static struct object *find_object(uint64_t granule)
{
    for (uint32_t i = 0; i < PROBES; i++) {
        struct object *o = place_of(granule, i);
        const uint64_t key = __atomic_load_n(&o->key, __ATOMIC_ACQUIRE);
        if (key == 0)
            return NULL;
        if ((key & START_MASK) == granule && key != REMOVED)
            return o;
    }
    return NULL;
}

static struct object *insert_object(uint64_t granule, uint64_t key)
{
    for (uint32_t i = 0; i < PROBES; i++) {
        struct object *o = place_of(granule, i);
        uint64_t was = __atomic_load_n(&o->key, __ATOMIC_RELAXED);
        if ((was == 0 || was == REMOVED) && __atomic_compare_exchange_n(&o->key, &was, key, false,
                                                __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return o;
    }
    return NULL;
}

bool objects_add(uintptr_t start, size_t size, unsigned kind, uintptr_t pc, uintptr_t frame)
{
    const uint64_t granule = granule_of(start);
    const uint64_t key =
        granule | (uint64_t)kind << KIND_SHIFT | (uint64_t)state_me.slot << SLOT_SHIFT;
    if (!shadow_covers(shadow_untag(start)))
        return false;
    __atomic_fetch_add(&record->allocations, 1, __ATOMIC_RELAXED);
    struct object *o = insert_object(granule, key);
    if (!o) {
        __atomic_fetch_add(&record->allocations_lost, 1, __ATOMIC_RELAXED);
        return false;
    }
    o->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    o->stack = stack_intern(pc, frame);
    __atomic_fetch_or(&starts[granule / WORD], 1ull << granule % WORD, __ATOMIC_RELEASE);
    return true;
}

/* Its entry in the recording, if it has one. */
static struct record_object *find_entry(uintptr_t start)
{
    for (uint32_t i = 0; i < record->objects.count; i++)
        if (record_objects[i].alive && record_objects[i].start == start)
            return &record_objects[i];
    return NULL;
}

/* One bit a granule modulo 2^16: has any object that starts there been recorded? */
static uint64_t maybe[1024];

static bool is_maybe(uint64_t granule)
{
    return maybe[granule / WORD % 1024] >> granule % WORD & 1;
}

size_t objects_remove(uintptr_t start)
{
    const uint64_t granule = granule_of(start);
    struct object *o = shadow_covers(shadow_untag(start)) ? find_object(granule) : NULL;
    if (!o)
        return 0;
    const size_t size = o->size;
    __atomic_fetch_and(&starts[granule / WORD], ~(1ull << granule % WORD), __ATOMIC_RELEASE);
    __atomic_store_n(&o->key, REMOVED, __ATOMIC_RELEASE);
    if (is_maybe(granule)) {
        struct record_object *r = find_entry(shadow_untag(start));
        if (r)
            r->alive = 0;
    }
    return size;
}

/* The last start at or before the granule; 0 when there is none near. */
static uint64_t start_before(uint64_t granule)
{
    uint64_t word = granule / WORD;
    uint64_t bits = starts[word] & (~0ull >> (WORD - 1 - granule % WORD));
    for (uint32_t i = 0; !bits && i < LOOK_BACK && word > 0; i++)
        bits = starts[--word];
    return bits ? word * WORD + (uint64_t)(WORD - 1 - __builtin_clzll(bits)) : 0;
}

static int add_entry(void)
{
    if (record->objects.count == record->objects.capacity) {
        record->objects.overflowed++;
        return -1;
    }
    return (int)record->objects.count++;
}

/* The entry in the recording of the object that starts at this granule and address, a new one if
 * need be; -1 without room. */
static int intern_object(uint64_t granule, uintptr_t start, const struct object *o)
{
    struct record_object *r = is_maybe(granule) ? find_entry(start) : NULL;
    if (r)
        return (int)(r - record_objects);
    const int index = add_entry();
    if (index < 0)
        return -1;
    r = &record_objects[index];
    *r = (struct record_object){.start = start,
        .size = o->size,
        .kind = o->key >> KIND_SHIFT & 3,
        .slot = (uint32_t)(o->key >> SLOT_SHIFT),
        .alive = 1};
    r->frames = stack_frames(o->stack, r->stack);
    maybe[granule / WORD % 1024] |= 1ull << granule % WORD;
    return index;
}

int objects_add_stack(uintptr_t address)
{
    const uint32_t slot = thread_of_stack(address);
    const int index = slot ? add_entry() : -1;
    if (index < 0)
        return -1;
    const struct record_thread *t = recording_thread(slot);
    record_objects[index] = (struct record_object){.start = t->stack_low,
        .size = t->stack_high - t->stack_low,
        .kind = RECORD_STACK,
        .slot = slot,
        .alive = 1};
    return index;
}

unsigned objects_on_line(uintptr_t address, uint32_t *found)
{
    const uint64_t first = granule_of(address);
    const uint64_t last = granule_of(address + RECORD_LINE - 1);
    unsigned n = 0;
    for (uint64_t granule = last; granule && n < RECORD_OBJECTS;) {
        const uint64_t start = start_before(granule);
        const struct object *o = start ? find_object(start) : NULL;
        const uintptr_t at = address - ((first - start) << GRANULE_SHIFT);
        const bool is_here = o && at + o->size > address;
        const int index = is_here ? intern_object(start, at, o) : -1;
        if (index >= 0)
            found[n++] = (uint32_t)index;
        if (start <= first)
            break;
        granule = start - 1;
    }
    return n;
}
