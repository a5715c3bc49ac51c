/* SPDX-License-Identifier: MIT
 * The entries of tier 1: their memory, and their locks. Most of the address space is never touched,
 * so that its entries take up no room. */
#include "runtime/shadow.h"

#include "base/arch/arch.h"
#include "runtime/plain_libc.h"
#include "runtime/recording.h"

#include <sys/mman.h>

uint8_t *shadow_touched;

/* Of the addresses that programs get unless they ask for others. The kernel puts the stack, and
 * mostly the mappings, near the end (Linux, Documentation/arch/x86/x86_64/5level-paging.rst and
 * arch/arm64/memory.rst). */
static unsigned count_address_bits(void)
{
    enum { BITS_MAX = 52 }; /* what objects.c has room for */
    const uint64_t high = (uintptr_t)__builtin_frame_address(0) | (uintptr_t)record;
    const unsigned bits = 64 - (unsigned)__builtin_clzll(high);
    return bits < BITS_MAX ? bits : BITS_MAX;
}

/* In a forked child nothing was touched, and nothing is locked by threads that it does not have. */
static void *map_for_process(size_t bytes)
{
    void *at = plain_map(bytes);
    if (at)
        madvise(at, bytes, MADV_WIPEONFORK);
    return at;
}

static bool map_entries(unsigned bits)
{
    const size_t lines = (size_t)1 << (bits - LINE_SHIFT);
    state_gate.shadow = map_for_process(lines * sizeof *state_gate.shadow);
    state_gate.lines = lines - 1;
    return state_gate.shadow;
}

/* One entry for each line takes half of the address space in one piece. Where the stack may grow
 * without limit, or the program asks for the old layout (setarch -L), mappings begin at a third or
 * a quarter of the space and the program lies at two thirds (ELF_ET_DYN_BASE), so that there is no
 * such piece. Then the lines of both halves use the same entries: stack, mappings and program lie
 * at distances that are far from half of the space, and do not meet. */
bool shadow_init(void)
{
    const unsigned bits = count_address_bits();
    state_gate.last = (uintptr_t)((1ull << bits) - 1);
    if (!map_entries(bits) && !map_entries(bits - 1)) {
        plain_text(record->note, sizeof record->note,
            "no address space for the shadow memory: raise ulimit -v or -d, or set "
            "vm.overcommit_memory to 0");
        return false;
    }
    shadow_touched = map_for_process((size_t)1 << (bits - UNIT_SHIFT));
    return shadow_touched;
}

uint32_t shadow_lock(struct shadow *s)
{
    enum { SPINS = 1 << 10, NAPS = 4 };
    lock_announce(&s->tag);
    for (unsigned tries = 1; tries <= NAPS * SPINS; tries++) {
        uint32_t tag = __atomic_load_n(&s->tag, __ATOMIC_RELAXED);
        if (tag != TAG_BUSY && __atomic_compare_exchange_n(&s->tag, &tag, TAG_BUSY, true,
                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return tag;
        if (tries % SPINS)
            arch_pause();
        else
            plain_nap();
    }
    lock_withdraw();
    return TAG_BUSY; /* the other thread is still stopped: this access is not seen */
}

bool shadow_drop(uintptr_t address, uint32_t line)
{
    struct shadow *s = shadow_of(address);
    const uint32_t tag = shadow_lock(s);
    if (tag == TAG_BUSY)
        return false;
    const bool same = s->info >> INFO_LINE_SHIFT == line + 1;
    if (same)
        s->info = s->reads = s->writes = 0;
    shadow_unlock(s, same ? 0 : tag);
    return same;
}
