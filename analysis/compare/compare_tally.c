/* SPDX-License-Identifier: MIT
 * A comparison in sections, and in numbers. */
#include "analysis/compare/compare_internal.h"
#include "analysis/dataset/estimate_key.h"

#include <math.h>

/* Where there is a canary, a regime is one of the whole run. */
static int64_t section_regime(const struct compare_side *side)
{
    return isnan(side->canary_ns) ? 0 : side->figure->regime;
}

int compare_sections(const struct compare_pair *a, const struct compare_pair *b)
{
    const struct estimate *x = a->a.figure, *y = b->a.figure;
    const char *const text[][2] = {{x->instrument, y->instrument}, {x->layout, y->layout},
        {x->mode, y->mode}, {x->distance, y->distance},
        {a->b.figure->distance, b->b.figure->distance}};
    int order = (a->a.run > b->a.run) - (a->a.run < b->a.run);
    if (order == 0)
        order = (a->b.run > b->b.run) - (a->b.run < b->b.run);
    for (size_t i = 0; order == 0 && i < sizeof text / sizeof *text; i++)
        order = compare_text(text[i][0], text[i][1]);
    if (order == 0)
        order = compare_int(x->threads, y->threads);
    if (order == 0)
        order = compare_int(section_regime(&a->a), section_regime(&b->a));
    return order ? order : compare_int(section_regime(&a->b), section_regime(&b->b));
}

bool compare_same_section(const struct compare_pair *a, const struct compare_pair *b)
{
    return compare_sections(a, b) == 0;
}

struct compare_tally compare_tally(const struct comparison *c)
{
    struct compare_tally t = {0};
    size_t *const count[] = {[VERDICT_NONE] = &t.no_interval,
        [VERDICT_SAME] = &t.same,
        [VERDICT_SLOWER] = &t.worse,
        [VERDICT_FASTER] = &t.better,
        [VERDICT_OPEN] = &t.open};
    for (size_t i = 0; i < c->pairs; i++) {
        const struct compare_pair *pair = &c->pair[i];
        ++*count[pair->kind];
        t.unjudged += !pair->judged;
        if (pair->kind == VERDICT_SLOWER && (!t.worst || pair->ratio.mid > t.worst->ratio.mid))
            t.worst = pair;
    }
    for (size_t i = 0; i < c->singles; i++)
        t.unjudged += !c->single[i].in_b && !c->single[i].judged;
    return t;
}
