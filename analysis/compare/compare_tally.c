/* SPDX-License-Identifier: MIT
 * A comparison in sections, and in numbers. */
#include "analysis/compare/compare_internal.h"
#include "analysis/dataset/cell_compare.h"

#include <math.h>

/* Where there is a canary, a regime is one of the whole run. */
static int64_t section_regime(const struct compare_side *side)
{
    return isnan(side->canary_ns) ? 0 : side->estimate->regime;
}

/* Strategies of maps are compared under one load, layouts op by op. */
static const char *section_subject(const struct estimate *e)
{
    return estimate_is_map(e) ? e->op : e->layout;
}

int compare_sections(const struct compare_pair *a, const struct compare_pair *b)
{
    const struct estimate *x = a->a.estimate, *y = b->a.estimate;
    const char *const text[][2] = {{x->instrument, y->instrument},
        {section_subject(x), section_subject(y)}, {x->mode, y->mode}, {x->distance, y->distance},
        {a->b.estimate->distance, b->b.estimate->distance}};
    const int64_t number[][2] = {{x->threads, y->threads}, {x->clients, y->clients},
        {x->client_threads, y->client_threads}, {section_regime(&a->a), section_regime(&b->a)},
        {section_regime(&a->b), section_regime(&b->b)}};
    int order = compare_u64((uintptr_t)a->a.run, (uintptr_t)b->a.run);
    if (order == 0)
        order = compare_u64((uintptr_t)a->b.run, (uintptr_t)b->b.run);
    if (order == 0)
        order = compare_texts(text, sizeof text / sizeof *text);
    return order ? order : compare_ints(number, sizeof number / sizeof *number);
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
