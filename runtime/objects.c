/* SPDX-License-Identifier: MIT
 * The living heap blocks and mappings: 16 bytes each in a hash table, and for each kind the set of
 * the addresses at which they start, by which the object is found in which an address lies. Every
 * malloc writes here, so it takes no lock. */
#include "runtime/objects.h"

#include "base/arch/arch.h"
#include "runtime/base/lock.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"
#include "runtime/shadow.h"
#include "runtime/stack.h"
#include "runtime/starts.h"
#include "runtime/thread.h"

enum {
    ENTRY_BITS = 21,
    ENTRIES = 1 << ENTRY_BITS, /* two million living objects in 32 MB */
    NEAR_PROBES = 64,
    PROBES = 128,
    CROWDED_PROBES = 8, /* once a thread has found no room, for so many blocks: it would look at */
    CROWDED = 1000,     /* all for each of more than there are entries */
    LOST_TOGETHER = 64, /* all threads write that number */
    KIND_BITS = 3,
};
struct entry {
    uint64_t key; /* start, and above it kind and slot; 0: empty; REMOVED: those behind are found */
    uint64_t size : 64 - STACK_BITS, stack : STACK_BITS;
};
#define KIND_SHIFT ARCH_ADDRESS_BITS
#define SLOT_SHIFT (KIND_SHIFT + KIND_BITS)
#define START_MASK ((1ull << KIND_SHIFT) - 1)
#define REMOVED 1ull /* no object starts in the first page */

static struct entry *entries;
static struct starts starts[1 << KIND_BITS];
static bool pooled; /* was any pool's block ever seen? */
static unsigned spacing = 5;

/* From the innermost outwards. */
static const unsigned kinds[] = {RECORD_POOLED, RECORD_HEAP, RECORD_MMAP};
enum { KINDS = sizeof kinds / sizeof *kinds };

bool objects_init(void)
{
    entries = plain_map(sizeof *entries * ENTRIES);
    for (unsigned i = 0; i < KINDS; i++)
        if (!starts_init(&starts[kinds[i]]))
            return false;
    return entries != NULL;
}

void objects_expect(unsigned shift)
{
    spacing = shift;
}

/* Neighbours in memory are neighbours in the table, so that a small heap uses few pages of it.
 * Arenas begin at multiples of 64 MB (glibc, HEAP_MAX_SIZE) and are spread by the product. Where it
 * is crowded, as where a heap of more than 64 MB meets its own beginning, the entry may be
 * anywhere: 64 multiples of the golden ratio do not all lie where it is full (Knuth, TAOCP 3, 6.4).
 */
static struct entry *place_of(uintptr_t start, uint32_t probe)
{
    const uint64_t golden = 0x9e3779b97f4a7c15;
    const uint64_t spread = (start >> 26) * 0x9e3779b1u;
    const uint64_t near = (start >> spacing) + spread + probe;
    const uint64_t hash = (start >> 4) * golden;
    const uint64_t far = (hash ^ hash >> 32) * golden + probe * golden;
    return &entries[probe < NEAR_PROBES ? near % ENTRIES : far >> (64 - ENTRY_BITS)];
}

/* Is it the object of that kind which starts in the same 8 bytes? */
static bool is_key(uint64_t key, unsigned kind, uintptr_t start)
{
    return (key & START_MASK) >> STARTS_SHIFT == start >> STARTS_SHIFT &&
           (key >> KIND_SHIFT & ((1 << KIND_BITS) - 1)) == kind;
}

static struct entry *find_entry(unsigned kind, uintptr_t start)
{
    uint64_t key = 1;
    for (uint32_t i = 0; key && i < PROBES; i++) {
        struct entry *e = place_of(start, i);
        key = __atomic_load_n(&e->key, __ATOMIC_ACQUIRE);
        if (is_key(key, kind, start))
            return e;
    }
    return NULL;
}

/* The kernel maps a page that is read before it is written twice, and the second time interrupts
 * all cpus that run the program. */
static void map_page(struct entry *e)
{
    enum { PAGE = 4096 };
    static bool mapped[sizeof(struct entry) * ENTRIES / PAGE];
    bool *const is = &mapped[(size_t)((char *)e - (char *)entries) / PAGE];
    uint64_t none = 0;
    if (*is)
        return;
    __atomic_compare_exchange_n(&e->key, &none, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    *is = true;
}

static void count_lost(void)
{
    const uint32_t lost = state_me.lost++;
    if (lost % LOST_TOGETHER == 0)
        __atomic_fetch_add(&record->allocations_lost, lost ? LOST_TOGETHER : 1, __ATOMIC_RELAXED);
}

static struct entry *insert_entry(uintptr_t start, uint64_t key)
{
    const uint32_t probes = state_me.crowded ? CROWDED_PROBES : PROBES;
    for (uint32_t i = 0; i < probes; i++) {
        struct entry *e = place_of(start, i);
        map_page(e);
        uint64_t was = __atomic_load_n(&e->key, __ATOMIC_RELAXED);
        if ((was == 0 || was == REMOVED) && __atomic_compare_exchange_n(&e->key, &was, key, false,
                                                __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return e;
    }
    state_me.crowded = state_me.crowded ? state_me.crowded - 1 : CROWDED;
    count_lost();
    return NULL;
}

static bool insert_object(const struct object *o)
{
    if (!shadow_covers(o->start)) /* where mremap has moved it to, too */
        return false;
    struct entry *e = insert_entry(
        o->start, o->start | (uint64_t)o->kind << KIND_SHIFT | (uint64_t)o->slot << SLOT_SHIFT);
    if (!e)
        return false;
    e->size = o->size;
    e->stack = o->stack;
    starts_add(&starts[o->kind], o->start);
    return true;
}

bool objects_add(unsigned kind, uintptr_t tagged, size_t size, uintptr_t pc, uintptr_t frame)
{
    const uintptr_t start = shadow_untag(tagged);
    struct object o;
    objects_take(kind, start, &o);
    if (kind == RECORD_POOLED && !pooled) /* not written by each: all threads read its line */
        pooled = true;
    state_me.allocations++;
    o = (struct object){.start = start,
        .size = size,
        .kind = kind,
        .slot = state_me.slot,
        .stack = stack_intern(pc, frame),
        .recorded = -1};
    return insert_object(&o);
}

/* For 16 bytes, modulo 2^20: of the objects that start there, the recorded ones that live. */
static uint8_t recorded_there[1 << 16];

static void count_recorded(uintptr_t start, int change)
{
    uint8_t *const count = &recorded_there[start / 16 % sizeof recorded_there];
    if (__atomic_load_n(count, __ATOMIC_RELAXED) < UINT8_MAX) /* or it stays: too many to know */
        __atomic_fetch_add(count, (uint8_t)change, __ATOMIC_RELAXED);
}

/* Its entry in the recording, if it has one; -1. The latest ones end first. */
static int find_recorded(unsigned kind, uintptr_t start)
{
    uint8_t *const there = &recorded_there[start / 16 % sizeof recorded_there];
    int i = __atomic_load_n(there, __ATOMIC_RELAXED) ? (int)record->objects.count - 1 : -1;
    while (i >= 0 && !(record_objects[i].alive && record_objects[i].start == start &&
                         record_objects[i].kind == kind))
        i--;
    return i;
}

static struct object read_entry(const struct entry *e)
{
    const uint64_t key = e->key;
    struct object o = {.start = key & START_MASK,
        .size = e->size,
        .kind = key >> KIND_SHIFT & ((1 << KIND_BITS) - 1),
        .slot = (uint32_t)(key >> SLOT_SHIFT),
        .stack = e->stack};
    o.recorded = find_recorded(o.kind, o.start);
    return o;
}

static void take_entry(struct entry *e, struct object *out)
{
    *out = read_entry(e);
    starts_remove(&starts[out->kind], out->start);
    __atomic_store_n(&e->key, REMOVED, __ATOMIC_RELEASE);
    if (out->recorded >= 0) {
        record_objects[out->recorded].alive = 0;
        count_recorded(out->start, -1);
    }
}

bool objects_take(unsigned kind, uintptr_t tagged, struct object *out)
{
    const uintptr_t start = shadow_untag(tagged);
    struct entry *e =
        shadow_covers(start) && starts_has(&starts[kind], start) ? find_entry(kind, start) : NULL;
    if (e)
        take_entry(e, out);
    return e != NULL;
}

void objects_put(const struct object *o)
{
    insert_object(o);
    struct record_object *r = o->recorded >= 0 ? &record_objects[o->recorded] : NULL;
    if (r && r->start == o->start && r->kind == o->kind) {
        r->size = o->size;
        r->alive = 1;
        count_recorded(o->start, 1);
    }
}

/* The last object of the kind that starts at or before the address. */
static struct entry *last_entry(unsigned kind, uintptr_t address)
{
    const uintptr_t start = shadow_covers(address) ? starts_before(&starts[kind], address) : 0;
    return start ? find_entry(kind, start) : NULL;
}

static uintptr_t start_of(const struct entry *e)
{
    return e->key & START_MASK;
}

bool objects_find(unsigned kind, uintptr_t tagged, struct object *out)
{
    const uintptr_t address = shadow_untag(tagged);
    const struct entry *e = last_entry(kind, address);
    if (!e || address - start_of(e) >= e->size)
        return false;
    *out = read_entry(e);
    return true;
}

/* The last object that starts before `end` ends, if it reaches beyond `start`. */
static bool take_last(unsigned kind, uintptr_t start, uintptr_t end, struct object *out)
{
    struct entry *e = last_entry(kind, end - 1);
    const bool reaches = e && start_of(e) + e->size > start;
    if (reaches)
        take_entry(e, out);
    return reaches;
}

void objects_end(unsigned kind, uintptr_t tagged, size_t size)
{
    const uintptr_t start = shadow_untag(tagged);
    struct object o;
    if (size && (pooled || kind != RECORD_POOLED))
        while (take_last(kind, start, start + size, &o))
            ;
}

static void put_part(struct object part, uintptr_t start, uintptr_t end)
{
    part.start = start;
    part.size = end - start;
    if (start < end)
        objects_put(&part);
}

void objects_cut(uintptr_t tagged, size_t size)
{
    const uintptr_t start = shadow_untag(tagged);
    const uintptr_t end = start + size;
    struct object o;
    lock_take(lock_of(LOCK_OBJECTS));
    while (size && take_last(RECORD_MMAP, start, end, &o)) {
        put_part(o, o.start, start);
        put_part(o, end, o.start + o.size);
    }
    lock_release(lock_of(LOCK_OBJECTS));
}

static int add_recorded(void)
{
    if (record->objects.count == record->objects.capacity) {
        record->objects.overflowed++;
        return -1;
    }
    return (int)record->objects.count++;
}

/* The object's entry in the recording, a new one if need be; -1 without room. */
static int intern_object(const struct entry *e)
{
    const struct object o = read_entry(e);
    const int index = o.recorded >= 0 ? o.recorded : add_recorded();
    if (index < 0 || index == o.recorded)
        return index;
    struct record_object *r = &record_objects[index];
    *r = (struct record_object){
        .start = o.start, .size = o.size, .kind = o.kind, .slot = o.slot, .alive = 1};
    r->frames = stack_frames(o.stack, r->stack);
    count_recorded(o.start, 1);
    return index;
}

int objects_add_stack(uintptr_t address)
{
    const uint32_t slot = thread_of_stack(address);
    const int index = slot ? add_recorded() : -1;
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

/* Those of one kind, behind the `n` that were found before. Returns how many there are then. */
static unsigned find_on_line(unsigned kind, uintptr_t line, uint32_t *found, unsigned n)
{
    uintptr_t at = line + RECORD_LINE - 1;
    while (n < RECORD_OBJECTS) {
        const struct entry *e = last_entry(kind, at);
        const uintptr_t start = e ? start_of(e) : 0;
        const int index = e && start + e->size > line ? intern_object(e) : -1;
        if (index >= 0)
            found[n++] = (uint32_t)index;
        if (start <= line)
            break;
        at = start - 1;
    }
    return n;
}

unsigned objects_on_line(uintptr_t address, uint32_t *found)
{
    const uintptr_t line = address & -(uintptr_t)RECORD_LINE;
    unsigned n = 0;
    for (unsigned i = 0; i < KINDS; i++)
        n = find_on_line(kinds[i], line, found, n);
    return n;
}
