/* SPDX-License-Identifier: MIT
 * The entries of tier 1: their memory, and their locks. Most of the address space is never touched,
 * so that its entries take up no room. */
#include "runtime/shadow.h"

#include "base/arch/arch.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/real_libc.h"
#include "runtime/base/recording.h"

#include <sys/auxv.h>

uint8_t *shadow_touched;

/* Is there memory at this address or above, or does the kernel map some? It ignores a place that is
 * not there. */
static bool is_address(uintptr_t address)
{
    if ((uintptr_t)__builtin_frame_address(0) >= address)
        return true;
    const size_t page = (size_t)getpagesize();
    void *at = real_mmap(
        (void *)address, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return false;
    NEXT(syscall)(SYS_munmap, at, page);
    return (uintptr_t)at >= address;
}

static unsigned count_address_bits(void)
{
    unsigned bits = ARCH_ADDRESS_BITS;
    while (bits > UNIT_SHIFT && !is_address((uintptr_t)1 << (bits - 1)))
        bits--;
    return bits;
}

/* An emulated kernel has no vDSO (qemu-user before 8.2), and may take time and memory for each page
 * of a mapping, touched or not: 40 s for 256 GB. There lines at all multiples of 16 GB use the same
 * entries. */
enum { EMULATED_BITS = 34 };
static bool is_emulated(void)
{
    return getauxval(AT_SYSINFO_EHDR) == 0;
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
    state_gate.last = UINTPTR_MAX >> (8 * sizeof(uintptr_t) - bits);
    if (is_emulated() ? !map_entries(EMULATED_BITS)
                      : !map_entries(bits) && !map_entries(bits - 1)) {
        plain_text(record->note, sizeof record->note,
            "no address space for the shadow memory: raise ulimit -v or -d, or set "
            "vm.overcommit_memory to 0");
        return false;
    }
    shadow_touched = map_for_process(((state_gate.lines + 1) << LINE_SHIFT) >> UNIT_SHIFT);
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
