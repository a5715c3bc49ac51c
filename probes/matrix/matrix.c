/* SPDX-License-Identifier: MIT
 * Rounds of matches on pages of their home nodes. */
#include "probes/matrix/matrix.h"

#include "base/grow.h"
#include "probes/trial/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGES_LEAST = 64,        /* of a pool, taken in turn */
    BATCHES_MOST = 64 << 20, /* a bound on memory, 512 MiB, whatever the time */
    DISTURBED_SHARE = 8      /* a round is repeated when more than one in so many batches was */
};

_Static_assert(sizeof(struct protocol_page) <= ARENA_PAGE, "a match has a page to itself");
_Static_assert(sizeof(struct pair_batch) == 8, "what a batch costs in memory");

/* Pages bound to one node. */
struct pool {
    struct arena arena;
    size_t next;
};

struct matrix {
    struct matrix_plan *plan;
    struct matrix_options options;
    struct crew *crew;
    struct clock clock;
    struct provenance origin;
    struct pair_table *table;
    struct pool *pool;
    size_t pools;
    const char *verified;
    struct matrix_track *track; /* series by series within each slot */
    size_t tracks, batches;
    struct pair_match *match;
    bool *done;     /* by match: it has a batch that counts in this block */
    uint16_t block; /* the last that was played */
};

static struct pool *pool_of(const struct matrix *m, int node)
{
    for (size_t i = 0; i < m->pools; i++)
        if (m->pool[i].arena.policy.node == node)
            return &m->pool[i];
    return NULL;
}

/* One pool for each node that is some slot's home in some series. */
static int list_pools(struct matrix *m)
{
    const struct matrix_plan *plan = m->plan;
    m->pool = calloc(plan->topology->nodes + 1, sizeof *m->pool);
    if (!m->pool)
        return -ENOMEM;
    const size_t widest = matrix_plan_widest(plan);
    for (size_t i = 0; i < plan->slots; i++)
        for (size_t s = 0; s < plan->serieses; s++) {
            const int node = matrix_plan_node(plan, &plan->slot[i], &plan->series[s]);
            if (!pool_of(m, node))
                m->pool[m->pools++].arena = (struct arena){.area_bytes = ARENA_PAGE,
                    .areas = widest > PAGES_LEAST ? widest : PAGES_LEAST,
                    .policy = {.node = node, .pages = PAGES_4K}};
        }
    return 0;
}

static int prepare_pools(struct matrix *m, struct err *err)
{
    if (list_pools(m))
        return err_set(err, -ENOMEM, "out of memory for the pages");
    for (size_t i = 0; i < m->pools; i++) {
        struct arena *const arena = &m->pool[i].arena;
        int code = arena_map(arena, m->crew, m->plan->topology, err);
        if (!code && m->options.strict)
            code = arena_check_strict(arena, err);
        if (code)
            return code;
        if (i == 0 || strcmp(arena->verified, "unverified") == 0)
            m->verified = arena->verified;
    }
    return 0;
}

/* The plan may have grown. */
static int make_tracks(struct matrix *m)
{
    const size_t wanted = m->plan->slots * m->plan->serieses;
    if (wanted <= m->tracks)
        return 0;
    struct matrix_track *more = reallocarray(m->track, wanted, sizeof *more);
    if (!more)
        return -ENOMEM;
    memset(more + m->tracks, 0, (wanted - m->tracks) * sizeof *more);
    m->track = more;
    m->tracks = wanted;
    return 0;
}

static int prepare_matrix(struct matrix *m, struct machine *machine, struct err *err)
{
    const unsigned cpus = (unsigned)m->plan->cpus.count;
    int code = crew_new(machine, m->plan->cpus.cpu, cpus, &m->crew, err);
    if (code)
        return code;
    crew_calibrate(m->crew, &m->clock);
    code = pair_table_new(m->crew, &m->clock, cpus, m->options.stop, &m->table);
    m->match = calloc(cpus / 2, sizeof *m->match);
    m->done = calloc(cpus / 2, sizeof *m->done);
    if (code || !m->match || !m->done || make_tracks(m))
        return err_set(err, -ENOMEM, "out of memory for %zu pairs", m->plan->slots);
    return prepare_pools(m, err);
}

int matrix_new(struct machine *machine, struct matrix_plan *plan, struct matrix_options options,
    struct matrix **out, struct err *err)
{
    struct matrix *m = calloc(1, sizeof *m);
    if (!m)
        return err_set(err, -ENOMEM, "out of memory");
    *m = (struct matrix){.plan = plan, .options = options, .verified = "unverified"};
    provenance_init(&m->origin, options.version, options.seed);
    const int code = prepare_matrix(m, machine, err);
    if (code)
        matrix_free(m);
    else
        *out = m;
    return code;
}

void matrix_free(struct matrix *matrix)
{
    if (!matrix)
        return;
    pair_table_free(matrix->table);
    crew_free(matrix->crew);
    for (size_t i = 0; i < matrix->pools; i++)
        arena_fini(&matrix->pool[i].arena);
    for (size_t i = 0; i < matrix->tracks; i++)
        free(matrix->track[i].batch);
    free(matrix->track);
    free(matrix->pool);
    free(matrix->match);
    free(matrix->done);
    free(matrix);
}

static struct matrix_track *track_of(const struct matrix *m, size_t slot, size_t series)
{
    return &m->track[slot * m->plan->serieses + series];
}

static struct protocol_page *next_page(struct pool *pool)
{
    return (void *)arena_area(&pool->arena, pool->next++);
}

static void set_matches(struct matrix *m, const struct matrix_round *round, size_t series)
{
    const struct matrix_plan *plan = m->plan;
    for (unsigned i = 0; i < round->slots; i++) {
        const struct matrix_slot *slot = &plan->slot[round->slot + i];
        const int node = matrix_plan_node(plan, slot, &plan->series[series]);
        m->match[i] = (struct pair_match){
            .first = slot->first,
            .second = slot->second,
            .protocol = plan->series[series].protocol,
            .page = next_page(pool_of(m, node)),
            .step = track_of(m, round->slot + i, series)->step,
        };
    }
}

static int add_batch(struct matrix *m, struct matrix_track *track, const struct pair_batch *batch)
{
    if (GROW(track->batch, track->count))
        return -ENOMEM;
    track->batch[track->count++] = *batch;
    m->batches++;
    return 0;
}

/* Of a round that is repeated, adds only the batches of pairs that have none that counts yet: a
 * pair has one that counts in each block. */
static int add_batches(
    struct matrix *m, const struct matrix_round *round, size_t series, unsigned block)
{
    int code = 0;
    for (unsigned i = 0; !code && i < round->slots; i++) {
        struct matrix_track *track = track_of(m, round->slot + i, series);
        if (m->done[i])
            continue;
        m->match[i].batch.block = (uint16_t)block;
        m->done[i] = m->match[i].batch.reason == PAIR_COUNTS;
        track->step = m->match[i].step;
        code = add_batch(m, track, &m->match[i].batch);
    }
    return code;
}

static unsigned count_disturbed(const struct matrix *m, unsigned matches)
{
    unsigned n = 0;
    for (unsigned i = 0; i < matches; i++)
        n += !m->done[i];
    return n;
}

int matrix_play(struct matrix *matrix, size_t round, size_t series, unsigned block, struct err *err)
{
    const struct matrix_round *r = &matrix->plan->round[round];
    if (make_tracks(matrix))
        return err_set(err, -ENOMEM, "out of memory for %zu pairs", matrix->plan->slots);
    matrix->block = (uint16_t)block;
    memset(matrix->done, 0, r->slots * sizeof *matrix->done);
    for (int i = 0; i <= MATRIX_RETRIES; i++) {
        if (matrix->options.stop && *matrix->options.stop)
            return err_set(err, -EINTR, "interrupted");
        set_matches(matrix, r, series);
        pair_play(matrix->table, matrix->match, r->slots);
        if (add_batches(matrix, r, series, block) || matrix->batches > BATCHES_MOST)
            return err_set(err, -ENOMEM, "out of memory for the batches; use a shorter --max-time");
        if (count_disturbed(matrix, r->slots) * DISTURBED_SHARE <= r->slots)
            break;
    }
    return 0;
}

static void reject_block(struct matrix *m)
{
    for (size_t i = 0; i < m->tracks; i++)
        for (size_t k = m->track[i].count; k && m->track[i].batch[k - 1].block == m->block; k--)
            m->track[i].batch[k - 1].reason = PAIR_CLOCK;
}

int matrix_verify(struct matrix *matrix, struct err *err)
{
    int code = crew_check_clock(matrix->crew, &matrix->clock, err);
    if (code)
        reject_block(matrix);
    for (size_t i = 0; !code && i < matrix->pools; i++)
        code = arena_verify(&matrix->pool[i].arena, err);
    return code;
}

const struct matrix_track *matrix_track(const struct matrix *matrix, size_t slot, size_t series)
{
    static const struct matrix_track none = {0};
    const bool is_new = (slot + 1) * matrix->plan->serieses > matrix->tracks;
    return is_new ? &none : track_of(matrix, slot, series);
}

const struct clock *matrix_clock(const struct matrix *matrix)
{
    return &matrix->clock;
}

const struct provenance *matrix_origin(const struct matrix *matrix)
{
    return &matrix->origin;
}

const char *matrix_verified(const struct matrix *matrix)
{
    return matrix->verified;
}

const char *matrix_pages_got(const struct matrix *matrix)
{
    return matrix->pool[0].arena.pages_got;
}

struct crew *matrix_crew(struct matrix *matrix)
{
    return matrix->crew;
}
