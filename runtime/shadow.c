/* SPDX-License-Identifier: MIT
 * The entries of tier 1: their memory, and their locks. Most of the address space is never touched,
 * so that its entries take up no room. */
#include "runtime/shadow.h"

#include "base/arch/arch.h"
#include "runtime/plain_libc.h"
#include "runtime/recording.h"

#include <sys/mman.h>

/* Programs of x86-64 and aarch64 live below these (Linux, Documentation/arch/x86/x86_64/mm.rst;
 * aarch64 with 48 bits of virtual address). */
#define ADDRESS_BITS (sizeof(void *) == 8 ? ARCH_ADDRESS_BITS : 32)

bool shadow_init(void)
{
    const size_t bytes = sizeof *state_gate.shadow << (ADDRESS_BITS - LINE_SHIFT);
    state_gate.shadow = plain_map(bytes);
    if (!state_gate.shadow) {
        plain_text(record->note, sizeof record->note,
            "no address space for the shadow memory: raise ulimit -v, or set vm.overcommit_memory "
            "to 0");
        return false;
    }
    /* In a forked child nothing was touched, and nothing is locked by threads that it does not
     * have. */
    madvise(state_gate.shadow, bytes, MADV_WIPEONFORK);
    return true;
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
