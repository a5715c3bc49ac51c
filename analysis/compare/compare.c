/* SPDX-License-Identifier: MIT
 * Brings together the figures of each variant; who is whose partner is compare_group.c's business.
 */
#include "analysis/compare/compare.h"

#include "analysis/compare/compare_internal.h"
#include "analysis/dataset/cell_compare.h"

#include <errno.h>
#include <stdlib.h>

const char *const compare_across_names[ACROSS_COUNT] = {"cpu", "protocol", "distance", "regime"};

/* Distances last, so that without them a group is still together. */
static int by_variant(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = compare_variant(x->side.figure, y->side.figure, false);
    if (order == 0)
        order = compare_text(x->side.figure->distance, y->side.figure->distance);
    if (order == 0)
        order = compare_int(x->side.run - x->first_run, y->side.run - y->first_run);
    return order ? order : compare_int(x->side.figure->regime, y->side.figure->regime);
}

static int members_new(const struct dataset *d, struct members *out)
{
    out->member = calloc(d->summary.count + 1, sizeof *out->member);
    if (!out->member)
        return -ENOMEM;
    for (size_t i = 0; i < d->summary.count; i++) {
        const struct estimate *f = &d->summary.figure[i];
        if (f->ns.n == 0)
            continue;
        out->member[out->count++] = (struct member){.first_run = d->run,
            .side = {.figure = f,
                .run = dataset_run_of(d, f->run_id, f->host),
                .canary_ns = summary_canary(&d->summary, f)}};
    }
    if (out->count > 0)
        qsort(out->member, out->count, sizeof *out->member, by_variant);
    return 0;
}

/* Members of one variant, whatever the distance. */
static size_t count_members(const struct members *m, size_t from, const struct estimate *variant)
{
    size_t to = from;
    while (to < m->count && compare_variant(m->member[to].side.figure, variant, false) == 0)
        to++;
    return to - from;
}

static int fold_groups(const struct members *a, const struct members *b,
    const struct compare_request *request, struct comparison *out)
{
    for (size_t i = 0, k = 0; i < a->count || k < b->count;) {
        const struct estimate *x = i < a->count ? a->member[i].side.figure : NULL;
        const struct estimate *y = k < b->count ? b->member[k].side.figure : NULL;
        const struct estimate *least = !y || (x && compare_variant(x, y, false) <= 0) ? x : y;
        const struct compare_group g = {.a = a->member + i,
            .b = b->member + k,
            .a_count = count_members(a, i, least),
            .b_count = count_members(b, k, least),
            .request = request,
            .out = out};
        const int failed = compare_fold_group(&g);
        if (failed)
            return failed;
        i += g.a_count;
        k += g.b_count;
    }
    return 0;
}

static int by_section(const void *a, const void *b)
{
    const struct compare_pair *x = a, *y = b;
    const int order = compare_sections(x, y);
    return order ? order : compare_variant(x->a.figure, y->a.figure, true);
}

int compare_build(const struct dataset *a, const struct dataset *b,
    const struct compare_request *request, struct comparison *out, struct err *err)
{
    struct members x = {0}, y = {0};
    *out = (struct comparison){0};
    int failed = members_new(a, &x);
    if (!failed)
        failed = members_new(b, &y);
    const size_t all = x.count + y.count + 1;
    out->pair = calloc(all, sizeof *out->pair);
    out->single = calloc(all, sizeof *out->single);
    if (!failed && out->pair && out->single)
        failed = fold_groups(&x, &y, request, out);
    else
        failed = -ENOMEM;
    free(x.member);
    free(y.member);
    if (failed)
        return err_set(err, failed, "out of memory for the comparison");
    if (out->pairs == 0)
        return compare_explain(a, b, out, err);
    qsort(out->pair, out->pairs, sizeof *out->pair, by_section);
    return 0;
}

void comparison_fini(struct comparison *comparison)
{
    free(comparison->pair);
    free(comparison->single);
    *comparison = (struct comparison){0};
}
