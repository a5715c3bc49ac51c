/* SPDX-License-Identifier: MIT
 * Walks call stacks by frame pointers, which `numaprobe cc` makes the compiler keep, and stores
 * each stack once under a number, since a million objects come from a few places. */
#include "runtime/stack.h"

#include "base/arch/arch.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"
#include "runtime/base/state.h"

enum { STACKS = 1 << 14, PROBES = 64 };
struct stack {
    uint64_t hash;
    uint32_t frames, reserved;
    uint64_t frame[RECORD_FRAMES];
};
static struct stack *stacks;
_Static_assert(STACKS < 1 << STACK_BITS, "objects store a stack's number in STACK_BITS");

bool stack_init(void)
{
    stacks = plain_map(sizeof *stacks * STACKS);
    return stacks != NULL;
}

struct bounds {
    uintptr_t low, high;
};

/* From this frame to the stack's end: nothing else is read. */
static struct bounds bounds_of(uintptr_t frame)
{
    const uint32_t slot = state_me.slot;
    if (!slot)
        return (struct bounds){0};
    const struct record_thread *t = recording_thread(slot);
    /* Unless it is on a signal handler's stack, or a coroutine's. */
    const bool known = frame >= t->stack_low && frame < t->stack_high;
    return known ? (struct bounds){frame, t->stack_high} : (struct bounds){0};
}

bool stack_contains(uintptr_t address)
{
    return bounds_of(address).high != 0;
}

unsigned stack_walk(uintptr_t pc, uintptr_t frame, uint64_t *frames, uint64_t *frame_at)
{
    unsigned n = 0;
    struct bounds b = bounds_of(frame);
    if (frame_at)
        frame_at[n] = frame;
    frames[n++] = pc;
    while (n < RECORD_FRAMES && frame >= b.low && frame + 2 * sizeof frame <= b.high &&
           frame % sizeof frame == 0) {
        const uintptr_t *at = (const uintptr_t *)frame;
        if (at[1] < 4096)
            break;
        if (frame_at)
            frame_at[n] = at[0];
        frames[n++] = arch_code_address(at[1]);
        b.low = frame + 1;
        frame = at[0];
    }
    return n;
}

static bool is_same(const struct stack *s, const uint64_t *frames, unsigned n)
{
    if (s->frames != n)
        return false;
    for (unsigned i = 0; i < n; i++)
        if (s->frame[i] != frames[i])
            return false;
    return true;
}

uint32_t stack_intern(uintptr_t pc, uintptr_t frame)
{
    uint64_t frames[RECORD_FRAMES], hash = 1;
    const unsigned n = stack_walk(pc, frame, frames, NULL);
    for (unsigned i = 0; i < n; i++)
        hash = (hash ^ frames[i]) * 0x9e3779b97f4a7c15ull;
    hash |= 1;
    for (uint32_t i = 0; i < PROBES; i++) {
        const uint32_t index = (uint32_t)((hash >> 40) + i) % STACKS;
        struct stack *s = &stacks[index];
        uint64_t none = 0;
        if (__atomic_load_n(&s->hash, __ATOMIC_ACQUIRE) == hash) {
            if (is_same(s, frames, n))
                return index + 1;
        } else if (__atomic_compare_exchange_n(
                       &s->hash, &none, hash, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            for (unsigned f = 0; f < n; f++)
                s->frame[f] = frames[f];
            __atomic_store_n(&s->frames, n, __ATOMIC_RELEASE);
            return index + 1;
        }
    }
    return 0;
}

unsigned stack_frames(uint32_t id, uint64_t *frames)
{
    if (id == 0)
        return 0;
    const struct stack *s = &stacks[id - 1];
    for (uint32_t i = 0; i < s->frames; i++)
        frames[i] = s->frame[i];
    return s->frames;
}
