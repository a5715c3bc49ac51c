/* SPDX-License-Identifier: MIT
 * The teams that are at work. */
#include "runtime/team.h"

#include <stdbool.h>
#include <stddef.h>

enum { TEAMS = 64 };
static struct team teams[TEAMS];
_Thread_local struct team_place team_mine INITIAL_EXEC;

static bool take_unused(struct team *t)
{
    uint32_t unused = 0;
    return __atomic_compare_exchange_n(
        &t->used, &unused, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

struct team *team_take(void)
{
    struct team *t = teams;
    while (t < teams + TEAMS && !take_unused(t))
        t++;
    if (t == teams + TEAMS)
        return NULL;
    vector_clock_clear(&t->fork);
    vector_clock_clear(&t->join);
    vector_clock_clear(&t->barrier[0]);
    vector_clock_clear(&t->barrier[1]);
    return t;
}

void team_give_back(struct team *team)
{
    __atomic_store_n(&team->used, 0, __ATOMIC_RELEASE);
}

void team_fork_child(void)
{
    for (struct team *t = teams; t < teams + TEAMS; t++)
        t->used = t == team_mine.team;
}
