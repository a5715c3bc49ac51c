/* SPDX-License-Identifier: MIT
 * OpenMP's parallel regions and barriers, as gcc calls them (GOMP_*, gcc's libgomp/libgomp_g.h) and
 * clang (__kmpc_*, LLVM's openmp/runtime/src/kmp.h). Their libraries are not instrumented, and
 * their threads work for many regions, so that create and join order nothing there. Tasks,
 * cancelled barriers, "ordered", "critical", locks and the barrier within clang's reductions order
 * nothing here: what is reported may then be too much, never too little. Not in the runtime of a
 * static program, which may have no OpenMP. */
#include "runtime/base/real_libc.h"
#include "runtime/inside.h"
#include "runtime/team.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void come_to(struct round *round)
{
    if (inside_enter()) {
        vector_clock_release(round);
        inside_leave();
    }
}

/* A thread of the team is in the region. Returns where it was before. */
static struct team_place enter_team(struct team *team)
{
    const struct team_place outer = team_mine;
    team_mine = (struct team_place){.team = team};
    if (team)
        vector_clock_acquire(&team->fork);
    return outer;
}

static void leave_team(struct team_place outer)
{
    if (team_mine.team)
        come_to(&team_mine.team->join);
    team_mine = outer;
}

static struct team *begin_region(void)
{
    struct team *team = state_is_ready() ? team_take() : NULL;
    if (team)
        come_to(&team->fork);
    return team;
}

static void end_region(struct team *team)
{
    if (!team)
        return;
    vector_clock_acquire(&team->join);
    team_give_back(team);
}

/* gcc: a region's function gets one pointer. */
struct work {
    void *first; /* libgomp reads the first word of what it is given, if it is a reduction's */
    void (*run)(void *);
    void *data;
    struct team *team;
};

static void run_work(void *argument)
{
    const struct work *w = argument;
    const struct team_place outer = enter_team(w->team);
    w->run(w->data);
    leave_team(outer);
}

typedef void (*runner)(void *);
#define REGION(name, first_word, arguments, ...)                                                   \
    REPLACE(unsigned, name, runner run, void *data, __VA_ARGS__)                                   \
    {                                                                                              \
        struct work w = {first_word, run, data, begin_region()};                                   \
        const unsigned result = NEXT(name) arguments;                                              \
        end_region(w.team);                                                                        \
        return result;                                                                             \
    }
/* They return nothing, except reductions, but all say unsigned: what is not used does no harm. */
#define LOOP(name)                                                                                 \
    REGION(GOMP_parallel_loop_##name, NULL,                                                        \
        (run_work, &w, threads, start, end, step, chunk, flags), unsigned threads, long start,     \
        long end, long step, long chunk, unsigned flags)
#define LOOP_RUNTIME(name)                                                                         \
    REGION(GOMP_parallel_loop_##name, NULL, (run_work, &w, threads, start, end, step, flags),      \
        unsigned threads, long start, long end, long step, unsigned flags)
REGION(GOMP_parallel, NULL, (run_work, &w, threads, flags), unsigned threads, unsigned flags)
REGION(GOMP_parallel_reductions, *(void **)data, (run_work, &w, threads, flags), unsigned threads,
    unsigned flags)
REGION(GOMP_parallel_sections, NULL, (run_work, &w, threads, count, flags), unsigned threads,
    unsigned count, unsigned flags)
LOOP(static)
LOOP(dynamic)
LOOP(guided)
LOOP(nonmonotonic_dynamic)
LOOP(nonmonotonic_guided)
LOOP_RUNTIME(runtime)
LOOP_RUNTIME(nonmonotonic_runtime)
LOOP_RUNTIME(maybe_nonmonotonic_runtime)
#undef LOOP_RUNTIME
#undef LOOP
#undef REGION

/* clang: a region's function gets two pointers to thread numbers and one to each captured variable.
 * More arguments than a function has do no harm (x86-64 psABI 3.2.3, AAPCS64 6.8), so it is called
 * with as many as there may be. */
enum { CAPTURED = 256 };
typedef void (*microtask)(int32_t *, int32_t *, ...);
struct captured {
    microtask run;
    struct team *team;
    void *at[CAPTURED];
};
#define EIGHT(from, i)                                                                             \
    from[i], from[(i) + 1], from[(i) + 2], from[(i) + 3], from[(i) + 4], from[(i) + 5],            \
        from[(i) + 6], from[(i) + 7]
#define MORE(from, i)                                                                              \
    EIGHT(from, i), EIGHT(from, (i) + 8), EIGHT(from, (i) + 16), EIGHT(from, (i) + 24),            \
        EIGHT(from, (i) + 32), EIGHT(from, (i) + 40), EIGHT(from, (i) + 48), EIGHT(from, (i) + 56)
#define ALL_OF(from) MORE(from, 0), MORE(from, 64), MORE(from, 128), MORE(from, 192)

static void run_captured(int32_t *global_number, int32_t *number, ...)
{
    va_list all;
    va_start(all, number);
    const struct captured *c = va_arg(all, const struct captured *);
    va_end(all);
    const struct team_place outer = enter_team(c->team);
    c->run(global_number, number, ALL_OF(c->at));
    leave_team(outer);
}

static void give_up(int32_t count)
{
    fprintf(stderr,
        "numaprobe: a parallel region that captures %d variables cannot be instrumented: at most "
        "%d\n",
        count, CAPTURED);
    abort();
}

REPLACE(void, __kmpc_fork_call, void *place, int32_t count, microtask run, ...)
{
    struct captured c;
    va_list all;
    if (count > CAPTURED)
        give_up(count);
    c.run = run;
    c.team = begin_region();
    va_start(all, run);
    for (int32_t i = 0; i < count; i++)
        c.at[i] = va_arg(all, void *);
    va_end(all);
    NEXT(__kmpc_fork_call)(place, 1, run_captured, &c);
    end_region(c.team);
}

/* The calling thread comes to a barrier of its team; the round that it goes on from, or NULL. */
static struct round *arrive(void)
{
    if (!team_mine.team)
        return NULL;
    struct round *round = &team_mine.team->barrier[team_mine.barriers++ % 2];
    come_to(round);
    return round;
}

static void go_on(const struct round *round)
{
    if (round)
        vector_clock_acquire(round);
}

#define BARRIER(name, arguments, ...)                                                              \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        const struct round *round = arrive();                                                      \
        const int cancelled = NEXT(name) arguments;                                                \
        go_on(round);                                                                              \
        return cancelled;                                                                          \
    }
BARRIER(GOMP_barrier, (), void)
BARRIER(GOMP_loop_end, (), void)
BARRIER(GOMP_sections_end, (), void)
BARRIER(GOMP_barrier_cancel, (), void)
BARRIER(GOMP_loop_end_cancel, (), void)
BARRIER(GOMP_sections_end_cancel, (), void)
BARRIER(__kmpc_barrier, (place, thread), void *place, int32_t thread)
BARRIER(__kmpc_cancel_barrier, (place, thread), void *place, int32_t thread)
#undef BARRIER
