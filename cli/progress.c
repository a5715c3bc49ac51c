/* SPDX-License-Identifier: MIT
 * Progress and the time left. */
#include "cli/progress.h"

#include "cli/plain_text.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static const double EVERY_NS = 1e8; /* often enough for an eye, rare enough for the other cpus */

void progress_begin(struct progress *progress, bool quiet, double precision, double max_time_ns)
{
    *progress = (struct progress){.shown = !quiet && isatty(STDERR_FILENO) && !plain_text_is_dumb(),
        .precision = precision,
        .max_time_ns = max_time_ns,
        .widest = {.width = INFINITY}};
}

void progress_width(struct progress *progress, const struct widest *widest)
{
    progress->widest = *widest;
    progress->width_at_ns = progress->now_ns;
}

/* An interval narrows with the root of the number of blocks. */
static double left_ns(const struct progress *p)
{
    const double ratio = p->widest.width / p->precision;
    const double needed = isfinite(ratio) ? p->width_at_ns * ratio * ratio : p->max_time_ns;
    const double end = needed < p->max_time_ns ? needed : p->max_time_ns;
    return end > p->now_ns ? end - p->now_ns : 0;
}

void progress_show(struct progress *p, size_t blocks, double now_ns)
{
    p->now_ns = now_ns;
    if (!p->shown || now_ns - p->shown_at_ns < EVERY_NS)
        return;
    p->shown_at_ns = now_ns;
    fprintf(stderr, "\r\033[K%zu block%s", blocks, blocks == 1 ? "" : "s");
    /* It is narrow, but whether it stays so is decided at the next look. */
    const bool narrow = p->widest.width <= p->precision;
    if (narrow)
        fprintf(stderr, ", all within ±%.3g%%, checking", p->precision * 100);
    else if (isfinite(p->widest.width))
        fprintf(stderr, ", %.30s ±%.2g%% of ±%.3g%%", p->widest.name, p->widest.width * 100,
            p->precision * 100);
    if (!narrow)
        fprintf(stderr, ", at most %.0f s left", ceil(left_ns(p) / 1e9));
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
}
