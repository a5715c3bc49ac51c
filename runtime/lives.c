/* SPDX-License-Identifier: MIT
 * Who creates a thread or joins it writes here; others may read a life that ends or begins at this
 * moment as the one before. */
#include "runtime/lives.h"

#include "base/arch/arch.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/tag.h"

static struct pair {
    struct lifetime now, before;
} * lives; /* of each slot */

bool lives_init(void)
{
    lives = plain_map(sizeof *lives * (SLOTS + 1));
    return lives;
}

void lives_begin(uint32_t tag)
{
    struct pair *const p = &lives[tag_slot(tag)];
    p->before = p->now;
    p->now =
        (struct lifetime){.number = p->before.number + 1, .tag = tag, .begin_tick = arch_ticks()};
}

void lives_end(uint32_t slot)
{
    lives[slot].now.end_tick = arch_ticks();
}

struct lifetime lives_of_tag(uint32_t tag)
{
    const struct pair *const p = &lives[tag_slot(tag)];
    return ((tag - p->now.tag) & EPOCH_MASK) <= EPOCH_MASK / 2 ? p->now : p->before;
}

uint64_t lives_end_tick(uint32_t slot, uint32_t number)
{
    const struct pair *const p = &lives[slot];
    return number == p->now.number ? p->now.end_tick : p->before.end_tick;
}
