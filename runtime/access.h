/* SPDX-License-Identifier: MIT
 * The runtime that `numaprobe cc` links into a program instead of ThreadSanitizer's: what its parts
 * share. Not part of numaprobe itself: it needs nothing but libc, calls no malloc, and lives in
 * memory of its own.
 *
 * Tier 1 is one struct shadow a line of the program's memory: who touched it last, and which bytes.
 * Tier 2 is a struct line_stat for a line that threads have handed to each other. Nothing here
 * takes a lock that all threads share on the way of an access. */
#ifndef RUNTIME_ACCESS_H
#define RUNTIME_ACCESS_H

#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIDDEN __attribute__((visibility("hidden")))
#define PUBLIC __attribute__((visibility("default")))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define CALLER ((uintptr_t)__builtin_return_address(0))

/* A tag is a thread's slot and its epoch: the time between two of its creates, joins and barriers.
 * Comparing it is the whole of the common case. */
enum {
    EPOCH_BITS = 20, /* wraps; compared modulo, so wrong only after half a million of them */
    SLOTS = 4095,    /* slot 0 is nobody */
    EPOCH_MASK = (1 << EPOCH_BITS) - 1,
};
#define TAG_STRANGER 0xfff00000u /* of a thread that was not registered yet; on no line */
#define TAG_BUSY 0xfff00001u     /* the entry is being changed */
#define TAG_TIER2 0xfff00002u    /* accesses go to its record */
#define TAG_RESTS 0xfff00003u    /* the same, but most are only counted (rest.c) */
#define TAG_READERS 0xfff00004u  /* several only read it: change_readers knows how */

static inline uint32_t tag_slot(uint32_t tag)
{
    return tag >> EPOCH_BITS;
}

static inline bool tag_recorded(uint32_t tag)
{
    return tag == TAG_TIER2 || tag == TAG_RESTS;
}

struct shadow {
    uint32_t tag;
    uint32_t info;              /* hand-overs, and a line's index + 1 if it has a record */
    uint64_t unread, unwritten; /* by the owner so far, one bit a byte */
    uint32_t reads, writes;     /* since it became the owner; may wrap */
};
enum { LINE_SHIFT = 6, INFO_HANDOVERS = 0xff, INFO_LINE_SHIFT = 8 };

/* What a thread keeps for itself. Initial-exec: a hook must not call __tls_get_addr, which may
 * allocate. */
enum { NEAR = 32, HELD = 4 };
struct me {
    uint32_t tag, slot;
    /* The frame that entered the runtime, in which a hook, a signal's or our own, does nothing; 0:
     * it is not in there; INSIDE: for as long as it likes. */
    uintptr_t inside;
    uint64_t accesses;
    int32_t skips; /* accesses to resting lines until one is counted for all of `stride` */
    uint32_t stride, random;
    /* The locks it has or waits for, shadow tags among them, for one that will not come back. */
    uint32_t *held[HELD], holds;
    uintptr_t caller, frame; /* of operator new, for the malloc that it calls */
    /* Its touches of the lines it used last, so that it finds them without the line's lock. */
    struct near {
        uint32_t line, generation;
        struct footprint *touch;
    } near[NEAR];
};
#define INSIDE 1
#define INITIAL_EXEC __attribute__((tls_model("initial-exec")))
extern HIDDEN _Thread_local struct me access_me INITIAL_EXEC;

/* Tested first by every hook. */
struct gate {
    unsigned char on;
    struct shadow *shadow;
} __attribute__((aligned(64)));
extern HIDDEN struct gate access_gate;
/* The same for access_known inlined (inline.s), which knows where these are. Another layout is
 * another number, so that an object of before does not link. */
extern PUBLIC struct gate numaprobe_gate_1;
extern PUBLIC _Thread_local struct me numaprobe_me_1 INITIAL_EXEC;
extern HIDDEN uint32_t access_burst; /* number of the current burst */

static inline uint64_t shadow_read(const struct shadow *s)
{
    return ~s->unread;
}

static inline uint64_t shadow_written(const struct shadow *s)
{
    return ~s->unwritten;
}

/* The index of its record. Without the entry's lock it may have none any more: NO_LINE. */
#define NO_LINE UINT32_MAX
static inline uint32_t shadow_line(const struct shadow *s)
{
    return (s->info >> INFO_LINE_SHIFT) - 1;
}

/* Two entries share a line, and what is side by side is often used by two threads: the entries of
 * neighbours must not be neighbours. Entries are dealt out anew in blocks of 256, so that those
 * which share a line are of lines 128 +- 4 apart: no power of two, nor a few pages. */
enum { BLOCK_SHIFT = 8 };
static inline struct shadow *shadow_of(uintptr_t address)
{
    union {
        uintptr_t line;
        uint8_t low; /* the first byte: little endian */
    } at = {address >> LINE_SHIFT};
    const uint8_t mixed = (uint8_t)(at.low ^ at.low >> 5);
    at.low = (uint8_t)(mixed << 1 | mixed >> 7); /* BLOCK_SHIFT bits, rotated */
    return access_gate.shadow + at.line;
}

static inline uint64_t bytes_mask(uintptr_t address, unsigned size)
{
    const uint64_t ones = size >= RECORD_LINE ? ~0ull : (1ull << size) - 1;
    return ones << (address & (RECORD_LINE - 1));
}

/* The common case of every hook; the caller has tested access_gate.on. A thread that is
 * stopped in here and continues when the line is another's adds one to its counts, but must not
 * touch its masks: on one cpu that happens once in a few time slices. */
static inline __attribute__((always_inline)) bool access_known(
    uintptr_t address, unsigned size, unsigned kind)
{
    struct shadow *s = shadow_of(address);
    struct me *me = &access_me;
    const uint32_t tag = s->tag;
    if (!LIKELY(tag == me->tag))
        return tag == TAG_RESTS ? --me->skips > 0 : !(kind & RECORD_WRITE) && tag == TAG_READERS;
    const uint64_t mask = bytes_mask(address, size);
    if ((kind & RECORD_READ && mask & s->unread) || (kind & RECORD_WRITE && mask & s->unwritten))
        return false;
    me->accesses++;
    if (kind & RECORD_READ)
        s->reads++;
    if (kind & RECORD_WRITE)
        s->writes++;
    return true;
}

/* All else: size bytes that lie on one line. */
HIDDEN void access_slow(uintptr_t address, unsigned size, unsigned kind, uintptr_t pc);
/* Any number of bytes; tests access_gate.on. */
HIDDEN void access_range(uintptr_t address, size_t size, unsigned kind, uintptr_t pc);

/* access.c */
HIDDEN void access_init(void);
HIDDEN bool access_ready(void);
HIDDEN void access_off(const char *why); /* nothing is seen any more; why: into the record */
/* Locks of one part each, on lines of their own. */
enum { LOCK_SCHEDULE, LOCK_HARVEST, LOCK_THREADS, LOCK_TABLES, LOCK_OBJECTS, LOCK_MODULES, LOCKS };
extern HIDDEN struct access_lock {
    uint32_t word __attribute__((aligned(64)));
} access_locks[LOCKS];
HIDDEN void access_fork(void);         /* in the child: nobody holds them */
HIDDEN void *access_map(size_t bytes); /* zeroed, not reserved; NULL */
/* Said before a lock is taken, unsaid when it was given back. */
static inline void access_hold(uint32_t *word)
{
    struct me *me = &access_me;
    if (me->holds < HELD)
        me->held[me->holds] = word;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    me->holds++;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
static inline void access_release(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    access_me.holds--;
}
/* What a lock says while this thread has it; never 0, and no other thread's. */
static inline uint32_t access_id(void)
{
    return (uint32_t)((uintptr_t)&access_me >> 4) | 1;
}
/* Only taken inside the runtime, so that no signal handler waits for what it interrupted; free in a
 * forked child. */
HIDDEN void access_wait(uint32_t *lock);
static inline bool access_try(uint32_t *lock)
{
    uint32_t none = 0;
    return __atomic_compare_exchange_n(
        lock, &none, access_id(), false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
static inline void access_lock(uint32_t *lock)
{
    access_hold(lock);
    if (!access_try(lock))
        access_wait(lock);
}
static inline void access_unlock(uint32_t *lock)
{
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
    access_release();
}
/* The holder of a lock was stopped: spinning would take its time, forever where the scheduler lets
 * the one who spins run until it sleeps (SCHED_FIFO). Keeps errno. */
HIDDEN void access_nap(void);
/* Did the thread leave the runtime without a return, as a signal handler does by longjmp? Then it
 * is out of it. `frame`: where it is now. */
HIDDEN bool access_left(uintptr_t frame);
HIDDEN void access_escape(void); /* what it does then */
/* The way into the runtime for all but the hooks: false when already inside. */
static inline __attribute__((always_inline)) bool access_enter(void)
{
    const uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    if ((access_me.inside && !access_left(frame)) || !access_ready())
        return false;
    access_me.inside = frame;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return true;
}
static inline void access_leave(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    access_me.inside = 0;
}
/* Not memset and memcpy, which are the program's and watched. */
HIDDEN void access_copy(void *to, const void *from, size_t bytes);
HIDDEN void access_zero(void *at, size_t bytes);
HIDDEN size_t access_text(char *to, size_t room, const char *from); /* always ended */

/* shadow.c */
HIDDEN bool shadow_init(void);
/* A life ends: nothing of these bytes is anybody's any more. */
HIDDEN void shadow_forget(uintptr_t start, size_t size);
/* The line goes back to tier 1 for good, if its record is still this one. */
HIDDEN bool shadow_drop(uintptr_t address, uint32_t line);
HIDDEN uint32_t shadow_lock(struct shadow *s); /* the tag it had; TAG_BUSY when not to be had */
HIDDEN void shadow_unlock(struct shadow *s, uint32_t tag);

/* line.c */
struct access {
    uintptr_t address, pc;
    unsigned size, kind;
};
/* False when the line's record cannot take it now, and its shadow must be looked at again. */
HIDDEN bool line_access(uint32_t index, const struct access *a);
/* The line was lent to the owner with this tag; what its shadow counted since goes to the record.
 */
HIDDEN void line_fold(const struct shadow *s, uint32_t tag);
HIDDEN void line_fold_all(void);
/* A record for the line whose shadow is locked and had this tag; its index, or -1. */
HIDDEN int line_promote(struct shadow *s, uintptr_t address, uint32_t tag, unsigned flags);
HIDDEN void line_close(uint32_t index);
/* Is there room for another record? `make`: by giving up one that was hardly worth it. */
HIDDEN bool line_room(bool make);
HIDDEN void line_finish_all(void);
HIDDEN void line_add_object(uint32_t index, uint32_t object);

/* neighbour.c */
HIDDEN void neighbour_note(uintptr_t address);
HIDDEN void neighbour_harvest(void);

/* record.c */
extern HIDDEN struct record_header *record;
extern HIDDEN struct record_thread *record_threads;
extern HIDDEN struct record_module *record_modules;
extern HIDDEN struct line_stat *record_lines;
extern HIDDEN struct footprint *record_touches;
extern HIDDEN struct record_object *record_objects;
HIDDEN bool record_init(void);
HIDDEN bool record_reserve(void); /* the space of all tables, before the first thread */
HIDDEN void record_fork(void);    /* in the child */
HIDDEN void record_end(unsigned how);
HIDDEN void record_go_on(void); /* exec failed */
HIDDEN uint64_t record_now_ns(void);

/* order.c */
HIDDEN bool vector_clock_init(void);
HIDDEN bool vector_clock_covers(
    uint32_t slot, uint32_t tag); /* is what happened then before slot's now? */
HIDDEN void vector_clock_create(uint32_t parent, uint32_t child);
HIDDEN void vector_clock_join(uint32_t joiner, uint32_t ended);
HIDDEN void vector_clock_step(uint32_t slot); /* a new epoch */
HIDDEN uint32_t vector_clock_tag(uint32_t slot);
HIDDEN void vector_clock_barrier_init(uintptr_t barrier, unsigned count);
HIDDEN void vector_clock_fork(void);
HIDDEN void *vector_clock_barrier_arrive(uintptr_t barrier);
HIDDEN void vector_clock_barrier_leave(void *round);

/* thread.c */
HIDDEN bool thread_init(void);
HIDDEN void thread_adopt(void); /* the calling thread, if it has no slot */
HIDDEN uint32_t thread_prepare(uintptr_t entry, uintptr_t pc, uintptr_t own_frame);
HIDDEN void thread_begin(uint32_t slot);
/* It was created, with this pthread_t: it may be joined before it has begun. */
HIDDEN void thread_name(uint32_t slot, uintptr_t id);
HIDDEN void thread_abandon(uint32_t slot); /* prepared, but it was not created */
HIDDEN void thread_end(void);
HIDDEN uint32_t thread_find(uintptr_t pthread); /* its slot; 0 */
/* Before it is joined: what thread_joined takes. */
HIDDEN uint32_t thread_claim(uintptr_t pthread);
HIDDEN void thread_joined(uint32_t slot);
HIDDEN void thread_detached(uint32_t slot);
HIDDEN void thread_fork(void);
HIDDEN void thread_refresh(void); /* counts of the living into the record */
HIDDEN bool thread_none(void);    /* main and all others have ended */
HIDDEN uint32_t thread_of_stack(uintptr_t address);
HIDDEN uint32_t thread_slots(void); /* slots below this have been used */

/* burst.c */
HIDDEN void burst_init(void);
HIDDEN bool burst_start(void); /* there will be another thread; false: nothing can be seen */
HIDDEN void burst_others(int change);
HIDDEN void burst_fork(void);
HIDDEN void burst_harvest(void);   /* what threads and lent lines counted, into the record */
HIDDEN void burst_end(bool ended); /* nothing is seen after it; false: but now again */

/* unwind.c: fills in where its creator, called from pc, keeps its locals; false: no unwinder. */
HIDDEN bool unwind_creator(struct record_thread *thread, uintptr_t pc);

/* objects.c, stack.c, modules.c */
HIDDEN bool objects_init(void);
HIDDEN void objects_add(uintptr_t start, size_t size, unsigned kind, uintptr_t pc, uintptr_t frame);
HIDDEN size_t objects_remove(uintptr_t start); /* its size; 0 when unknown */
HIDDEN void objects_of_line(uint32_t index);
HIDDEN bool stack_init(void);
/* Return addresses, innermost first, and with `at` the frame pointer of each one's function. */
HIDDEN unsigned stack_walk(uintptr_t pc, uintptr_t frame, uint64_t *frames, uint64_t *at);
HIDDEN uint32_t stack_intern(uintptr_t pc, uintptr_t frame);
HIDDEN bool stack_holds(uintptr_t address); /* is it on the calling thread's own stack? */
HIDDEN unsigned stack_frames(uint32_t id, uint64_t *frames);
HIDDEN void modules_update(void);

#endif
