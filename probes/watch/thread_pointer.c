/* SPDX-License-Identifier: MIT
 * glibc's struct pthread lies at the end of the stack that libc mapped, and that of the first
 * thread in a small mapping. */
#include "probes/watch/thread_pointer.h"

#include "base/arch/sampled_registers.h"

#include <stdlib.h>
#include <string.h>

enum { SEARCHED = 128 << 10, ALIGNED = 64, BYTES = ARCH_GLIBC_TID + 4 };

/* tid 0: any. */
static bool is_thread(const uint8_t *at, uint64_t address, int tid)
{
    uint64_t first, again;
    int32_t number;
    memcpy(&first, at, sizeof first);
    memcpy(&again, at + ARCH_GLIBC_SELF, sizeof again);
    memcpy(&number, at + ARCH_GLIBC_TID, sizeof number);
    return first == address && again == address && (tid == 0 || number == tid);
}

/* In the last part of a mapping, from its end on. */
static uint64_t find_in(const struct address_space *space, const struct address_mapping *m, int tid)
{
    const uint64_t size = m->end - m->begin < SEARCHED ? m->end - m->begin : SEARCHED;
    uint8_t *const bytes = malloc(size);
    uint64_t found = 0;
    const bool is_read = bytes && address_space_copy(space->pid, m->end - size, bytes, size);
    for (uint64_t at = (size - BYTES) / ALIGNED * ALIGNED; is_read && at > 0 && !found;
         at -= ALIGNED)
        if (is_thread(bytes + at, m->end - size + at, tid))
            found = m->end - size + at;
    free(bytes);
    return found;
}

static bool is_anonymous(const struct address_mapping *m)
{
    return m->reads && m->writes && !m->shared && m->inode == 0 && !*m->path;
}

uint64_t thread_pointer_find(struct address_space *space, int tid, uint64_t stack)
{
    const struct address_mapping *const own = address_space_at(space, stack);
    uint64_t found = 0;
    if (ARCH_GLIBC_TID == 0)
        return 0;
    if (own && is_anonymous(own))
        return find_in(space, own, 0); /* the number may be of another namespace */
    for (size_t i = 0; i < space->count && !found; i++)
        if (is_anonymous(&space->mapping[i]))
            found = find_in(space, &space->mapping[i], tid);
    return found;
}
