/* SPDX-License-Identifier: MIT
 * When to look at the figures, and when to stop. */
#include "cli/sampling.h"

#include "cli/progress.h"
#include "machine/clock.h"

#include <errno.h>
#include <math.h>

/* When to look at the figures: only at the block counts that the stopping rule allows
 * (analysis/stats/stats.h), since each look is a chance to stop on a lucky one. */
struct look {
    size_t target; /* blocks of the regime with the most */
    size_t at;     /* blocks measured before it can have as many */
};

void sampling_begin(struct sampling *sampling)
{
    sampling->began_ns = clock_raw_ns();
}

double sampling_elapsed_ns(const struct sampling *sampling)
{
    return (double)(clock_raw_ns() - sampling->began_ns);
}

int sampling_summarise(struct sampling *s, struct err *err)
{
    summary_fini(&s->summary);
    return summary_build(&s->samples, &s->summary)
               ? err_set(err, -ENOMEM, "out of memory for the estimates; use a shorter --max-time")
               : 0;
}

/* After each block: is this enough? */
static int decide_enough(struct sampling *s, size_t blocks, struct look *look,
    struct progress *progress, struct err *err)
{
    if (blocks < look->at)
        return 0;
    const int code = sampling_summarise(s, err);
    if (code)
        return code;
    const size_t best = s->summary.regimes ? s->summary.regime[0].blocks : 0;
    if (best >= look->target) {
        s->precise = s->enough(s->context, &s->summary);
        look->target = stats_next_look(best);
    }
    look->at = blocks + (look->target - best);
    const struct widest widest = widest_of(&s->summary, s->ratios);
    progress_width(progress, &widest);
    return 0;
}

/* Why no other block is measured; NULL to go on. */
static const char *limit_reached(const struct sampling *s, double block_ns)
{
    if (sampling_elapsed_ns(s) + block_ns > s->max_time_ns)
        return "--max-time";
    return s->samples.count >= SAMPLING_ROWS * s->threads ? "the limit of rows" : NULL;
}

int sampling_run(struct sampling *s, struct err *err)
{
    struct progress progress;
    struct look look = {.target = s->first_look ? s->first_look : STATS_BLOCKS_MIN};
    look.at = look.target;
    progress_begin(&progress, s->quiet, s->precision, s->max_time_ns);
    int code = 0;
    for (size_t blocks = 1; !code && !s->precise && !s->limit; blocks++) {
        const double before = sampling_elapsed_ns(s);
        code = s->block(s->context, &s->samples, err);
        if (!code)
            code = decide_enough(s, blocks, &look, &progress, err);
        progress_show(&progress, blocks, sampling_elapsed_ns(s));
        s->limit = limit_reached(s, sampling_elapsed_ns(s) - before);
    }
    progress_end(&progress);
    return code;
}

void sampling_fini(struct sampling *sampling)
{
    summary_fini(&sampling->summary);
    samples_fini(&sampling->samples);
}
