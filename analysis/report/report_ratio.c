/* SPDX-License-Identifier: MIT
 * Ratios to the isolated reference, drawn with their intervals: all on one logarithmic scale, so
 * that rows compare. Drawn here, not by gnuplot, so that the page has them without it. */
#include "analysis/charts/panel_select.h"
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <inttypes.h>
#include <math.h>

enum { WIDTH = 320, MARGIN = 12, HEIGHT = 24, TICKS_MAX = 7 };

/* The least that the scale shows, so that a cost of a hundredth does not look like one of ten. */
#define SCALE_LOW 0.8
#define SCALE_HIGH 1.6

static size_t count_ladder(const struct report *r, const struct verdict *v)
{
    const struct summary *const s = &r->dataset->summary;
    const struct estimate *f = v->first;
    while (f < s->estimate + s->count && estimate_same_group(v->first, f) && !*v->first->twin)
        f++;
    return *v->first->twin ? 1 : (size_t)(f - v->first);
}

static void widen(struct ratio_scale *scale, double ratio)
{
    if (ratio > 0 && isfinite(ratio)) {
        scale->low = fmin(scale->low, ratio);
        scale->high = fmax(scale->high, ratio);
    }
}

struct ratio_scale ratio_scale_of(const struct report *r)
{
    struct ratio_scale scale = {SCALE_LOW, SCALE_HIGH};
    for (size_t i = 0; i < r->verdicts; i++)
        for (size_t k = 0; k < count_ladder(r, &r->verdict[i]); k++) {
            const struct interval ratio = r->verdict[i].first[k].ratio;
            widen(&scale, ratio.mid);
            widen(&scale, ratio.low);
            widen(&scale, ratio.high);
        }
    return scale;
}

static double place_of(const struct ratio_scale *scale, double ratio)
{
    return MARGIN + (WIDTH - 2 * MARGIN) * log(ratio / scale->low) / log(scale->high / scale->low);
}

/* Round numbers, as many as fit: fewer to the power of ten, then powers that are further apart. */
static size_t list_ticks(const struct ratio_scale *scale, double *tick)
{
    static const double steps[][8] = {{1, 1.5, 2, 3, 4, 5, 7}, {1, 2, 5}, {1}};
    for (int round = 0;; round++) {
        const int set = round < 2 ? round : 2, apart = round < 2 ? 1 : round - 1;
        size_t count = 0;
        for (int e = -12 * apart; e <= 12 * apart; e += apart)
            for (const double *step = steps[set]; *step > 0; step++) {
                const double at = *step * pow(10, e);
                if (at >= scale->low && at <= scale->high && count++ < TICKS_MAX)
                    tick[count - 1] = at;
            }
        if (count <= TICKS_MAX)
            return count;
    }
}

void ratio_print_axis(const struct ratio_scale *scale, FILE *out)
{
    double tick[TICKS_MAX];
    const size_t ticks = list_ticks(scale, tick);
    fprintf(out, "<svg class=\"ratio\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", WIDTH, HEIGHT);
    for (size_t i = 0; i < ticks; i++)
        fprintf(out, "<text x=\"%.1f\" y=\"%d\">%g×</text>", place_of(scale, tick[i]), HEIGHT - 8,
            tick[i]);
    fputs("</svg>\n", out);
}

static void print_grid(const struct ratio_scale *scale, FILE *out)
{
    double tick[TICKS_MAX];
    const size_t ticks = list_ticks(scale, tick);
    for (size_t i = 0; i < ticks; i++)
        fprintf(out, "<path class=\"%s\" d=\"M%.1f 0V%d\"/>", tick[i] == 1 ? "one" : "grid",
            place_of(scale, tick[i]), HEIGHT);
}

/* Hollow but for the smallest alignment, which is how the layout is usually written. */
static void print_dot(
    const struct ratio_scale *scale, const struct estimate *f, bool first, FILE *out)
{
    static const char *const classes[] = {[VERDICT_NONE] = "dim",
        [VERDICT_SAME] = "good",
        [VERDICT_SLOWER] = "bad",
        [VERDICT_FASTER] = "warn",
        [VERDICT_OPEN] = "warn"};
    const struct interval ratio = f->ratio;
    if (!(ratio.mid > 0) || !isfinite(ratio.mid))
        return;
    fprintf(out, "<g class=\"%s%s\">", classes[verdict_kind(ratio)], first ? " first" : "");
    if (ratio.low > 0 && isfinite(ratio.high))
        fprintf(out, "<path d=\"M%.1f %dH%.1f\"/>", place_of(scale, ratio.low), HEIGHT / 2,
            place_of(scale, ratio.high));
    fprintf(out, "<circle cx=\"%.1f\" cy=\"%d\" r=\"%g\"/></g>", place_of(scale, ratio.mid),
        HEIGHT / 2, first ? 5.0 : 4.0);
}

void ratio_print(
    const struct report *r, const struct ratio_scale *scale, const struct verdict *v, FILE *out)
{
    const size_t count = count_ladder(r, v);
    fprintf(out, "<svg class=\"ratio\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
        HEIGHT);
    for (size_t i = 0; i < count; i++) {
        const struct interval ratio = v->first[i].ratio;
        char text[CELL_TEXT], range[CELL_TEXT];
        if (isnan(ratio.mid))
            continue;
        html_print_text(out, "%s%" PRId64 " B %s", i ? ", " : "", v->first[i].align_bytes,
            ratio_text(ratio.mid, text));
        if (!isnan(ratio.low))
            html_print_text(out, " (%s)", ratio_range_text(ratio, range));
    }
    fputs("\">", out);
    print_grid(scale, out);
    for (size_t i = count; i > 0; i--)
        print_dot(scale, &v->first[i - 1], i == 1, out);
    fputs("</svg>\n", out);
}
