/* SPDX-License-Identifier: MIT
 * The trials of a block, and the canaries, regime and steal around them. */
#include "probes/trial/block.h"

#include "machine/crew_clock.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void *block_allocate(size_t alignment, size_t bytes, struct err *err)
{
    void *const memory = aligned_alloc(alignment, bytes);
    if (memory)
        memset(memory, 0, bytes);
    else
        err_set(err, -ENOMEM, "out of memory for a run");
    return memory;
}

int block_begin(struct block_series *series, struct stage *stage, const struct block_begin *begin,
    struct err *err)
{
    provenance_init(&series->origin, begin->version, begin->seed);
    const int code = stage_init(stage, begin->machine, begin->topology, begin->cpus, err);
    if (code)
        return code;
    rng_seed(&stage->rng, begin->seed);
    stage->stop = begin->stop;
    return block_series_init(series, begin->points)
               ? err_set(err, -ENOMEM, "out of memory for %zu points", begin->points)
               : 0;
}

int block_series_init(struct block_series *series, size_t points)
{
    series->points = points;
    series->order = calloc(points + 1, sizeof *series->order);
    series->left_out = calloc(points + 1, sizeof *series->left_out);
    if (!series->order || !series->left_out)
        return -ENOMEM;
    for (unsigned i = 0; i < points; i++)
        series->order[i] = i;
    return 0;
}

void block_series_fini(struct block_series *series)
{
    free(series->order);
    free(series->left_out);
}

void block_describe(const struct block_series *series, const struct stage *stage,
    const char *instrument, const char *reason, struct sample *row)
{
    sample_clear(row);
    provenance_describe(&series->origin, instrument, &stage->clock, row);
    row->protocol = stage->canary.pairs ? CANARY_PROTOCOL : "";
    row->block = series->block;
    row->trial = series->trials;
    row->accepted = !*reason;
    row->reject_reason = reason;
}

/* Why none of the block's rows count; "" when they may. */
static const char *block_disturbance(const struct stage *stage, const struct block_end *end)
{
    return stage_stopped(stage)                                     ? stage_interrupted
           : end->clock_jumped                                      ? "the clock jumped"
           : !canary_agree(&stage->canary, end->before, end->after) ? "canary moved"
           : end->steal_ns > 0                                      ? "stolen time"
                                                                    : "";
}

void block_close(
    struct stage *stage, struct samples *samples, size_t first, const struct block_end *end)
{
    const char *reason = block_disturbance(stage, end);
    const int regime = *reason ? -1 : canary_regime(&stage->canary, end->before);
    if (!*reason && regime < 0)
        reason = "too many regimes";
    for (size_t i = first; i < samples->count; i++) {
        struct sample *s = &samples->row[i];
        s->canary_ns = canary_ns(&stage->canary, end->before);
        s->canary_after_ns = canary_ns(&stage->canary, end->after);
        s->regime = regime < 0 ? SAMPLE_NONE : regime;
        s->steal_ns = end->steal_ns;
        if (*reason && (s->accepted || end->clock_jumped)) {
            s->accepted = 0;
            s->reject_reason = reason;
        }
    }
}

/* Measures a point until a trial is undisturbed, a few times at most. */
static int measure_retrying(struct block_series *series, struct stage *stage, unsigned point,
    struct samples *samples, struct err *err)
{
    bool counts = false;
    int code = 0;
    for (int i = 0; i <= BLOCK_RETRIES && !counts && !code && !stage_stopped(stage); i++) {
        if (series->measure(series->context, point, &counts, samples))
            code = err_set(err, -ENOMEM, "out of memory for the rows; use a shorter --max-time");
        else if (!counts)
            code = crew_check_clock(stage->crew, &stage->clock, err);
        series->trials++;
    }
    return code;
}

/* Without its cpu no trial can count any more. */
static int check_online(unsigned cpu, struct err *err)
{
    char path[80];
    int64_t online;
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/online", cpu);
    if (!sysfile_i64("", path, &online) || online != 0)
        return 0;
    return err_set(err, -ENODEV,
        "cpu %u went offline in the middle of the run; what was measured before it counts", cpu);
}

static int measure_points(
    struct block_series *series, struct stage *stage, struct samples *samples, struct err *err)
{
    int code = 0;
    rng_shuffle(&stage->rng, series->order, series->points);
    for (size_t i = 0; i < series->points && !code; i++) {
        const unsigned point = series->order[i];
        if (!series->left_out[point])
            code = measure_retrying(series, stage, point, samples, err);
    }
    for (unsigned i = 0; i < stage->threads && !code; i++)
        code = check_online(stage->cpu[i], err);
    return code ? code : series->check_places(series->context, err);
}

/* Stolen from the stage's cpus since boot; NaN where the kernel does not report it, as of a cpu
 * that has gone offline. */
static double stolen_ns(const struct stage *stage)
{
    uint64_t ns = 0;
    return system_steal_ns(stage->cpu, stage->threads, &ns) ? NAN : (double)ns;
}

int block_run(
    struct block_series *series, struct stage *stage, struct samples *samples, struct err *err)
{
    const size_t first = samples->count;
    if (series->block == 0)
        canary_read(&stage->canary, stage->crew, &stage->clock, &series->last);
    const struct canary_reading before = series->last;
    const double stolen_before_ns = stolen_ns(stage);
    int code = measure_points(series, stage, samples, err);
    if (!code)
        code = crew_check_clock(stage->crew, &stage->clock, err);
    canary_read(&stage->canary, stage->crew, &stage->clock, &series->last);
    const struct block_end end = {.before = &before,
        .after = &series->last,
        .steal_ns = stolen_ns(stage) - stolen_before_ns,
        .clock_jumped = code == -ESTALE};
    block_close(stage, samples, first, &end);
    series->block++;
    return !code && stage_stopped(stage) ? err_set(err, -EINTR, "interrupted") : code;
}
