/* SPDX-License-Identifier: MIT
 * Finds and names that estimate. */
#include "cli/widest.h"

#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/cmd.h"

#include <inttypes.h>
#include <string.h>

#define APPEND(...) text_append_item(out, WIDEST_NAME, " ", __VA_ARGS__)

static void name_estimate(const struct estimate *e, bool ratio, char *out)
{
    const bool is_price = *e->state != '\0', is_map = estimate_is_map(e);
    APPEND("%s", e->layout);
    APPEND("%s", e->op);
    if (is_price)
        APPEND("%s", e->state);
    else if (e->align_bytes != SAMPLE_NONE)
        APPEND("%" PRId64 " B", e->align_bytes);
    else if (!is_map)
        APPEND("isolated");
    if (e->gap_ns > 0 && !is_map)
        APPEND("gap %g ns", e->gap_ns);
    if (is_price && *e->distance)
        APPEND("%s", e->distance);
    else if (*e->role && !is_map)
        APPEND("%s", e->role);
    if (ratio)
        text_append(out, WIDEST_NAME, ", ratio");
}

static bool is_of(const struct estimate *e, const struct regime *regime)
{
    return e->accepted > 0 && e->regime == regime->regime && strcmp(e->run_id, regime->run_id) == 0;
}

struct widest widest_of(const struct summary *summary, bool ratios)
{
    struct widest w = {.width = summary->regimes ? -1 : INFINITY};
    const struct estimate *at = NULL;
    bool ratio = false;
    for (size_t i = 0; i < summary->count && summary->regimes; i++) {
        const struct estimate *const e = &summary->estimate[i];
        const double own = interval_width(e->ns);
        const double other = ratios && e->ratio.n > 0 ? interval_width(e->ratio) : 0;
        if (!is_of(e, &summary->regime[0]) || fmax(own, other) <= w.width)
            continue;
        w.width = fmax(own, other);
        at = e;
        ratio = other > own;
    }
    if (at)
        name_estimate(at, ratio, w.name);
    return w;
}

void widest_report(const struct widest *w, const char *limit, double precision, FILE *out)
{
    char text[CELL_TEXT], width[CELL_TEXT];
    percent_text(precision, text);
    if (w->width <= precision)
        cmd_warn(out,
            "Stopped by %s: all intervals were within ±%s only after the last look at them.", limit,
            text);
    else if (isfinite(w->width))
        cmd_warn(out,
            "Stopped by %s before all intervals were within ±%s: the widest is ±%s, of %s.", limit,
            text, percent_text(w->width, width), w->name);
    else
        cmd_warn(out,
            "Stopped by %s before all intervals were within ±%s: some have fewer than %d "
            "blocks%s%s.",
            limit, text, STATS_BLOCKS_MIN, *w->name ? ", as " : "", w->name);
}
