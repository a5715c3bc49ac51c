/* SPDX-License-Identifier: MIT
 * Replays of a scene in turn. */
#include "cli/detect/price_scene.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum {
    FIRST_ROUNDS = 24, /* to find the pace */
    ROUNDS = 4,        /* to keep it */
    TRIALS = 4         /* of each, in turn */
};

int price_scene_allocate(struct price_scene *s)
{
    const size_t threads = s->pattern.threads;
    s->shared_now = pattern_is_shared(&s->pattern, 0);
    for (size_t i = 0; i < s->fixes; i++)
        s->shared_after[i] = pattern_is_shared(&s->pattern, s->fix[i]);
    double *ns = calloc((4 + SCENE_FIXES) * threads + 1, sizeof *ns);
    if (!ns)
        return -ENOMEM;
    s->target_ns = ns;
    s->one_ns = ns += threads;
    s->now_ns = ns += threads;
    s->alone_ns = ns += threads;
    for (size_t i = 0; i < SCENE_FIXES; i++)
        s->fixed_ns[i] = ns += threads;
    return 0;
}

void price_scene_fini(struct price_scene *s)
{
    replay_free(s->replay);
    pattern_fini(&s->pattern);
    free(s->target_ns);
}

static void put_fix(struct price_scene *s, uint32_t fix)
{
    replay_put(s->replay, PATTERN_SHARED);
    for (size_t i = 0; i < s->pattern.items; i++)
        if (fix >> i & 1)
            s->replay->where[i] = PATTERN_PADDED;
}

/* A way to replay the scene: as it is, with nothing shared, or with a fix. */
enum { NOW, ALONE, FIRST_FIX };

static void put_way(struct price_scene *s, size_t way)
{
    if (way == ALONE)
        replay_put(s->replay, PATTERN_ALONE);
    else
        put_fix(s, way == NOW ? 0 : s->fix[way - FIRST_FIX]);
}

static double *times_of(const struct price_scene *s, size_t way)
{
    return way == NOW ? s->now_ns : way == ALONE ? s->alone_ns : s->fixed_ns[way - FIRST_FIX];
}

/* Mean over the trials, NaN when none was undisturbed. */
static void measure_ways(struct price_scene *s)
{
    const size_t threads = s->pattern.threads, ways = FIRST_FIX + s->fixes;
    unsigned good[FIRST_FIX + SCENE_FIXES] = {0};
    for (size_t k = 0; k < ways * TRIALS; k++) {
        const size_t way = (k + k / ways) % ways;
        double *const sum = times_of(s, way);
        put_way(s, way);
        for (size_t i = 0; i < threads && k < ways; i++)
            sum[i] = 0;
        if (!replay_once(s->replay, s->one_ns))
            continue;
        good[way]++;
        for (size_t i = 0; i < threads; i++)
            sum[i] += s->one_ns[i];
    }
    for (size_t way = 0; way < ways; way++) {
        double *const sum = times_of(s, way);
        for (size_t i = 0; i < threads; i++)
            sum[i] = good[way] ? sum[i] / good[way] : NAN;
    }
}

void price_scene_measure(struct price_scene *s, const struct price_program *program, bool latent)
{
    for (size_t i = 0; i < s->pattern.threads; i++)
        s->target_ns[i] = price_target_ns(program, &s->pattern, i);
    price_presence(program, &s->pattern, s->replay->presence);
    replay_move(s->replay);
    put_way(s, latent ? FIRST_FIX : program->alone ? ALONE : NOW);
    replay_pace(s->replay, s->target_ns, s->paced ? ROUNDS : FIRST_ROUNDS);
    s->paced = true;
    measure_ways(s);
}

struct price_times price_scene_times(const struct price_scene *s, size_t fix)
{
    return (struct price_times){.now = s->now_ns, .fixed = s->fixed_ns[fix], .alone = s->alone_ns};
}
