/* SPDX-License-Identifier: MIT
 * When to look, and when to stop: the rule of cli/sampling.c. */
#include "cli/ab/ab_measure.h"

#include "cli/progress.h"
#include "machine/clock.h"

#include <errno.h>
#include <math.h>

enum { BLOCKS_MAX = 1 << 15 }; /* a bound on memory: some 15 MiB */

static double elapsed_ns(const struct ab_measuring *m)
{
    return (double)(clock_raw_ns() - m->began_ns);
}

struct widest ab_widest(const struct ab_verdicts *v)
{
    struct widest widest = {.width = 0};
    for (unsigned slot = 1; slot <= v->programs; slot++) {
        const double width = interval_width(v->ratio[slot]);
        if (width <= widest.width)
            continue;
        widest.width = width;
        snprintf(widest.name, sizeof widest.name, "ratio of %s", ab_slot_name(slot, v->programs));
    }
    return widest;
}

static int look(struct ab_measuring *m, size_t *target, struct progress *progress, struct err *err)
{
    struct ab_summary summary;
    struct ab_verdicts verdicts;
    if (m->blocks < *target && !(m->args->blocks && m->blocks >= m->args->blocks))
        return 0;
    if (ab_summarise(m->session, &summary))
        return err_set(err, -ENOMEM, "out of memory for the estimates");
    m->counted = summary.blocks;
    ab_judge(&summary, m->rule, &verdicts);
    const struct widest widest = ab_widest(&verdicts);
    progress_width(progress, &widest);
    m->precise = !m->args->blocks && ab_precise(&verdicts, m->rule->precision);
    *target = stats_next_look(m->blocks);
    return 0;
}

/* Why no other block is measured; NULL to go on. */
static const char *limit_reached(const struct ab_measuring *m, double block_ns)
{
    if (m->args->blocks && m->counted >= m->args->blocks)
        return "--blocks";
    if (elapsed_ns(m) + block_ns > m->args->max_time_ns)
        return "--max-time";
    return m->session->runs >= (size_t)BLOCKS_MAX * AB_SLOTS ? "the limit of runs" : NULL;
}

static int measure_block(
    struct ab_measuring *m, size_t *target, struct progress *progress, struct err *err)
{
    const double before = elapsed_ns(m);
    int code = ab_block(m->series, m->session, err);
    if (code == -ETIMEDOUT && m->blocks) {
        m->limit = "--max-time";
        return 0;
    }
    if (code)
        return code;
    m->blocks += m->session->run[m->session->runs - 1].accepted;
    code = look(m, target, progress, err);
    progress_show(progress, m->blocks, elapsed_ns(m));
    m->limit = limit_reached(m, elapsed_ns(m) - before);
    return code;
}

int ab_measure(struct ab_measuring *m, struct err *err)
{
    struct progress progress;
    size_t target = stats_next_look(0);
    m->began_ns = clock_raw_ns();
    ab_series_deadline(m->series, m->began_ns + (uint64_t)fmin(m->args->max_time_ns, 1e18));
    progress_begin(&progress, m->args->quiet, m->rule->precision, m->args->max_time_ns);
    int code = ab_warm_up(m->series, m->args->warmup, err);
    while (!code && !m->precise && !m->limit)
        code = measure_block(m, &target, &progress, err);
    progress_end(&progress);
    return code;
}
