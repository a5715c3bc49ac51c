/* SPDX-License-Identifier: MIT
 * The living heap blocks and mappings: 16 bytes each in a hash table, and one bit where each
 * starts, so that the block that an address lies in is found by looking back for the bit. Written
 * at every malloc, so without locks. */
#include "base/arch/arch.h"
#include "runtime/access.h"

enum {
    GRANULE_SHIFT = 4, /* malloc aligns to 16 bytes on 64-bit machines (glibc manual, 3.2.3.1) */
    ENTRIES = 1 << 21, /* two million living objects in 32 MB */
    NEAR_PROBES = 64,
    PROBES = 128,
    WORD = 64,
    LOOK_BACK = 1 << 16, /* words of 64 granules: blocks of up to 64 MB are found from their end */
};
struct object {
    /* Start in granules, and above it slot and kind; 0: empty. A removed one keeps 1, so that
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

bool objects_init(void)
{
    objects = access_map(sizeof *objects * ENTRIES);
    starts = access_map((size_t)1 << (START_BITS - 3));
    return objects && starts;
}

/* Neighbours in memory are neighbours in the table, so that a small heap uses few pages of it.
 * Arenas begin at multiples of 64 MB (glibc, HEAP_MAX_SIZE) and are spread by the product. Where
 * that is crowded, as where a heap of more than 64 MB meets its own beginning, anywhere. */
static struct object *place_of(uint64_t granule, uint32_t probe)
{
    const uint64_t spread = (granule >> 22) * 0x9e3779b1u;
    const uint64_t near = (granule >> 1) + spread;
    const uint64_t hash = granule * 0x9e3779b97f4a7c15ull;
    const uint64_t far = (hash >> 40) + probe * (hash >> 16 | 1);
    return &objects[(probe < NEAR_PROBES ? near + probe : far) % ENTRIES];
}

static struct object *find(uint64_t granule)
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

static struct object *insert(uint64_t granule, uint64_t key)
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

static void add_to_line(uintptr_t address)
{
    const uint32_t line = shadow_line(shadow_of(address));
    if (line != NO_LINE)
        objects_of_line(line);
}

void objects_add(uintptr_t start, size_t size, unsigned kind, uintptr_t pc, uintptr_t frame)
{
    const uint64_t granule = start >> GRANULE_SHIFT;
    const uint64_t key =
        granule | (uint64_t)kind << KIND_SHIFT | (uint64_t)access_me.slot << SLOT_SHIFT;
    __atomic_fetch_add(&record->allocations, 1, __ATOMIC_RELAXED);
    struct object *o = insert(granule, key);
    if (!o) {
        __atomic_fetch_add(&record->allocations_lost, 1, __ATOMIC_RELAXED);
        return;
    }
    o->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    o->stack = stack_intern(pc, frame);
    __atomic_fetch_or(&starts[granule / WORD], 1ull << granule % WORD, __ATOMIC_RELEASE);
    if (record->lines.count) {
        add_to_line(start);
        add_to_line(start + size);
    }
}

/* Its entry in the record, if it has one. */
static struct record_object *recorded(uintptr_t start)
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
    const uint64_t granule = start >> GRANULE_SHIFT;
    struct object *o = find(granule);
    if (!o)
        return 0;
    const size_t size = o->size;
    __atomic_fetch_and(&starts[granule / WORD], ~(1ull << granule % WORD), __ATOMIC_RELEASE);
    __atomic_store_n(&o->key, REMOVED, __ATOMIC_RELEASE);
    if (is_maybe(granule)) {
        struct record_object *r = recorded(start);
        if (r)
            r->alive = 0;
    }
    return size;
}

/* The last start at or before the granule; 0 for none near. */
static uint64_t start_before(uint64_t granule)
{
    uint64_t word = granule / WORD;
    uint64_t bits = starts[word] & (~0ull >> (WORD - 1 - granule % WORD));
    for (uint32_t i = 0; !bits && i < LOOK_BACK && word > 0; i++)
        bits = starts[--word];
    return bits ? word * WORD + (uint64_t)(WORD - 1 - __builtin_clzll(bits)) : 0;
}

static int new_entry(void)
{
    if (record->objects.count == record->objects.capacity) {
        record->objects.overflowed++;
        return -1;
    }
    return (int)record->objects.count++;
}

static void write_heap(uint32_t line, uint64_t granule, const struct object *o)
{
    struct record_object *r = is_maybe(granule) ? recorded(granule << GRANULE_SHIFT) : NULL;
    if (!r) {
        const int index = new_entry();
        if (index < 0)
            return;
        r = &record_objects[index];
        *r = (struct record_object){.start = granule << GRANULE_SHIFT,
            .size = o->size,
            .kind = o->key >> KIND_SHIFT & 3,
            .slot = (uint32_t)(o->key >> SLOT_SHIFT),
            .alive = 1};
        r->frames = stack_frames(o->stack, r->stack);
        maybe[granule / WORD % 1024] |= 1ull << granule % WORD;
    }
    line_add_object(line, (uint32_t)(r - record_objects));
}

static void write_stack(uint32_t line, uint32_t slot)
{
    const struct record_thread *t = &record_threads[slot - 1];
    const int index = new_entry();
    if (index < 0)
        return;
    record_objects[index] = (struct record_object){.start = t->stack_low,
        .size = t->stack_high - t->stack_low,
        .kind = RECORD_STACK,
        .slot = slot,
        .alive = 1};
    line_add_object(line, (uint32_t)index);
}

void objects_of_line(uint32_t index)
{
    const uintptr_t address = record_lines[index].address;
    const uint64_t first = address >> GRANULE_SHIFT;
    const uint64_t last = (address + RECORD_LINE - 1) >> GRANULE_SHIFT;
    access_lock(&access_locks[LOCK_OBJECTS].word);
    for (uint64_t granule = last; granule;) {
        const uint64_t start = start_before(granule);
        const struct object *o = start ? find(start) : NULL;
        if (o && (start << GRANULE_SHIFT) + o->size > address)
            write_heap(index, start, o);
        if (start <= first)
            break;
        granule = start - 1;
    }
    const uint32_t slot = thread_of_stack(address);
    if (slot && record_lines[index].objects == 0)
        write_stack(index, slot);
    access_unlock(&access_locks[LOCK_OBJECTS].word);
}
