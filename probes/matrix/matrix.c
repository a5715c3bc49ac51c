/* SPDX-License-Identifier: MIT
 * Rounds of matches on pages of their home nodes. */
#include "probes/matrix/matrix.h"

#include "base/grow.h"
#include "machine/crew_clock.h"
#include "probes/trial/arena.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCHES_MOST = 64 << 20, /* a bound on memory, 512 MiB, whatever the time */
    DISTURBED_SHARE = 8      /* a round is repeated when more than one in so many batches was */
};

_Static_assert(sizeof(struct protocol_page) <= ARENA_PAGE, "a match has a page to itself");
_Static_assert(sizeof(struct pair_batch) == 8, "what a batch costs in memory");

struct matrix {
    struct matrix_plan *plan;
    struct matrix_options options;
    struct crew *crew;
    struct clock clock;
    struct provenance origin;
    struct pair_table *table;
    struct arena *pool; /* of pages: one for each node, all with as many areas */
    size_t pools;
    const char *verified;
    struct matrix_track *track; /* series by series within each slot */
    size_t tracks, batches;
    struct pair_match *match;
    bool *done; /* by match: it has a batch that counts in this block */
    struct canary canary;
    struct canary_reading last; /* after the block before */
    struct matrix_block *block;
    size_t blocks, regime_blocks[CANARY_REGIMES];
};

static struct arena *pool_of(const struct matrix *m, int node)
{
    for (size_t i = 0; i < m->pools; i++)
        if (m->pool[i].policy.node == node)
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
    const size_t pages = widest > ARENA_PLACES ? widest : ARENA_PLACES;
    for (size_t i = 0; i < plan->slots; i++)
        for (size_t s = 0; s < plan->serieses; s++) {
            const int node = matrix_plan_node(plan, &plan->slot[i], &plan->series[s]);
            if (!pool_of(m, node))
                m->pool[m->pools++] = (struct arena){.area_bytes = ARENA_PAGE,
                    .areas = pages,
                    .policy = {.node = node, .pages = PAGES_4K}};
        }
    return 0;
}

static int prepare_pools(struct matrix *m, struct err *err)
{
    if (list_pools(m))
        return err_set(err, -ENOMEM, "out of memory for the pages");
    for (size_t i = 0; i < m->pools; i++) {
        struct arena *const arena = &m->pool[i];
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
    code = prepare_pools(m, err);
    canary_init(&m->canary, m->plan->topology, m->plan->cpus.cpu, cpus);
    if (!code)
        code = canary_map(&m->canary, m->crew, m->plan->topology, m->plan->cpu[0]->node, err);
    if (!code)
        canary_read(&m->canary, m->crew, &m->clock, &m->last);
    return code;
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
        arena_fini(&matrix->pool[i]);
    for (size_t i = 0; i < matrix->tracks; i++)
        free(matrix->track[i].batch);
    canary_fini(&matrix->canary);
    free(matrix->block);
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

/* Each slot of a round has a page of its own, and another one in the next block. */
static void set_matches(
    struct matrix *m, const struct matrix_round *round, size_t series, unsigned block)
{
    const struct matrix_plan *plan = m->plan;
    for (unsigned i = 0; i < round->slots; i++) {
        const struct matrix_slot *slot = &plan->slot[round->slot + i];
        const int node = matrix_plan_node(plan, slot, &plan->series[series]);
        m->match[i] = (struct pair_match){
            .first = slot->first,
            .second = slot->second,
            .protocol = plan->series[series].protocol,
            .page = (void *)arena_area(pool_of(m, node), block + i),
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
    memset(matrix->done, 0, r->slots * sizeof *matrix->done);
    for (int i = 0; i <= MATRIX_RETRIES; i++) {
        if (matrix->options.stop && *matrix->options.stop)
            return err_set(err, -EINTR, "interrupted");
        set_matches(matrix, r, series, block);
        pair_play(matrix->table, matrix->match, r->slots);
        if (add_batches(matrix, r, series, block) || matrix->batches > BATCHES_MOST)
            return err_set(err, -ENOMEM, "out of memory for the batches; use a shorter --max-time");
        if (count_disturbed(matrix, r->slots) * DISTURBED_SHARE <= r->slots)
            break;
    }
    return 0;
}

static int close_block(struct matrix *m)
{
    if (GROW(m->block, m->blocks))
        return -ENOMEM;
    const struct canary_reading before = m->last;
    canary_read(&m->canary, m->crew, &m->clock, &m->last);
    const bool same = canary_agree(&m->canary, &before, &m->last);
    const int regime = same ? canary_regime(&m->canary, &before) : MATRIX_MOVED;
    if (regime != MATRIX_MOVED)
        m->regime_blocks[regime]++;
    m->block[m->blocks++] = (struct matrix_block){
        .before_ns = (float)canary_ns(&m->canary, &before),
        .after_ns = (float)canary_ns(&m->canary, &m->last),
        .regime = (int16_t)regime,
    };
    return 0;
}

size_t matrix_blocks(const struct matrix *matrix)
{
    return matrix->blocks;
}

const struct matrix_block *matrix_block(const struct matrix *matrix, size_t block)
{
    static const struct matrix_block none = {
        NAN, NAN, MATRIX_MOVED}; /* interrupted in the middle */
    return block < matrix->blocks ? &matrix->block[block] : &none;
}

int matrix_main_regime(const struct matrix *matrix)
{
    int best = MATRIX_MOVED;
    for (int r = 0; r < CANARY_REGIMES; r++)
        if (matrix_regime_blocks(matrix, r) > matrix_regime_blocks(matrix, best))
            best = r;
    return best;
}

double matrix_canary(const struct matrix *matrix, int regime)
{
    return regime == MATRIX_MOVED ? NAN
                                  : canary_ns(&matrix->canary, &matrix->canary.regime[regime].mean);
}

size_t matrix_regime_blocks(const struct matrix *matrix, int regime)
{
    return regime == MATRIX_MOVED ? 0 : matrix->regime_blocks[regime];
}

const char *matrix_reason(const struct matrix *matrix, const struct pair_batch *batch)
{
    if (batch->reason != PAIR_COUNTS)
        return pair_reason_text[batch->reason];
    if (batch->block >= matrix->blocks)
        return pair_reason_text[PAIR_STOPPED];
    return matrix->block[batch->block].regime == MATRIX_MOVED ? "canary moved" : "";
}

int32_t matrix_place(const struct matrix *matrix, unsigned index, unsigned block)
{
    return (int32_t)arena_place(&matrix->pool[0], block + index);
}

static void reject_block(struct matrix *m)
{
    for (size_t i = 0; i < m->tracks; i++)
        for (size_t k = m->track[i].count; k && m->track[i].batch[k - 1].block == m->blocks; k--)
            m->track[i].batch[k - 1].reason = PAIR_CLOCK;
}

int matrix_end_block(struct matrix *matrix, struct err *err)
{
    int code = crew_check_clock(matrix->crew, &matrix->clock, err);
    if (code)
        reject_block(matrix);
    else if (close_block(matrix))
        code = err_set(err, -ENOMEM, "out of memory for the blocks; use a shorter --max-time");
    for (size_t i = 0; !code && i < matrix->pools; i++)
        code = arena_verify(&matrix->pool[i], err);
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
    return matrix->pool[0].pages_got;
}

struct crew *matrix_crew(struct matrix *matrix)
{
    return matrix->crew;
}
