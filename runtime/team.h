/* SPDX-License-Identifier: MIT
 * Teams of OpenMP: what the thread that begins a parallel region did happened before the region,
 * the region before what that thread does next, and each barrier divides what the threads of the
 * team do (OpenMP API 5.2, sections 10.1 and 15.3). No locks. */
#ifndef RUNTIME_TEAM_H
#define RUNTIME_TEAM_H

#include "runtime/vector_clock.h"

struct team {
    uint32_t used;
    /* Barriers take turns: a thread may leave one after others have come to the next, but not after
     * they have come to the one behind that. */
    struct round fork, join, barrier[2];
};

/* A team for a new region, whose rounds no thread has come to; NULL when too many are at work. */
HIDDEN struct team *team_take(void);
HIDDEN void team_give_back(struct team *team);

/* Where the calling thread is: in its team, and how many of the team's barriers it has met. */
struct team_place {
    struct team *team; /* NULL: in none */
    unsigned barriers;
};
extern HIDDEN _Thread_local struct team_place team_mine INITIAL_EXEC;

/* In a forked child: frees all teams but the calling thread's. */
HIDDEN void team_fork_child(void);

#endif
