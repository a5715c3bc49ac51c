/* SPDX-License-Identifier: MIT
 * Why nothing can be compared, in one line with the way out. */
#include "analysis/compare/compare_internal.h"

#include <errno.h>

static bool is_empty(const struct dataset *d, struct err *err, const char *which)
{
    for (size_t i = 0; i < d->summary.count; i++)
        if (d->summary.estimate[i].ns.n > 0)
            return false;
    const char *const what = d->runs    ? "no trial that counts"
                             : d->stats ? "counts of 'numaprobe stat' only, no times"
                                        : "no rows";
    if (d->runs)
        err_set(err, -ENOENT, "nothing to compare: %s has %s (%zu of %zu rows rejected: %s)",
            d->run->source, what, d->run->rejected, d->run->rows, d->run->reject_reason);
    else
        err_set(err, -ENOENT, "nothing to compare: %s has %s", d->stats ? d->stat->source : which,
            what);
    return true;
}

static const struct compare_single *find_single(
    const struct comparison *c, bool in_b, enum compare_alone why)
{
    for (size_t i = 0; i < c->singles; i++)
        if (c->single[i].in_b == in_b && c->single[i].why == why)
            return &c->single[i];
    return NULL;
}

/* Two of one variant that are alone for the same reason. */
static const struct compare_single *find_partner(
    const struct comparison *c, const struct compare_single *a)
{
    for (size_t i = 0; i < c->singles; i++)
        if (c->single[i].in_b && c->single[i].why == a->why &&
            compare_variant(c->single[i].side.estimate, a->side.estimate, false) == 0)
            return &c->single[i];
    return NULL;
}

static int explain_text(
    const char *what, const char *a, const char *b, const char *option, struct err *err)
{
    return err_set(err, -ENOENT,
        "nothing to compare: %s differs ('%s' and '%s'); --across %s compares anyway", what, a, b,
        option);
}

static int explain_pair(const struct compare_side *a, const struct compare_side *b,
    enum compare_alone why, struct err *err)
{
    if (why == ALONE_CPU)
        return explain_text("the cpu model", a->run->cpu_model, b->run->cpu_model, "cpu", err);
    if (why == ALONE_PROTOCOL)
        return explain_text(
            "the canary's protocol", a->run->protocol, b->run->protocol, "protocol", err);
    if (why == ALONE_DISTANCE)
        return explain_text("the distance between the cpus", a->estimate->distance,
            b->estimate->distance, "distance", err);
    return err_set(err, -ENOENT,
        "nothing to compare: no regime in common (canaries of %.0f and %.0f ns a round trip); "
        "--across regime compares those with the most blocks",
        a->canary_ns, b->canary_ns);
}

int compare_explain(const struct dataset *a, const struct dataset *b,
    const struct comparison *comparison, struct err *err)
{
    static const enum compare_alone whys[] = {
        ALONE_REGIME, ALONE_DISTANCE, ALONE_PROTOCOL, ALONE_CPU};
    if (is_empty(a, err, "the first file") || is_empty(b, err, "the second file"))
        return -ENOENT;
    for (size_t i = 0; i < sizeof whys / sizeof *whys; i++) {
        const struct compare_single *x = find_single(comparison, false, whys[i]);
        const struct compare_single *y = x ? find_partner(comparison, x) : NULL;
        if (y)
            return explain_pair(&x->side, &y->side, whys[i], err);
    }
    return err_set(err, -ENOENT, "nothing to compare: no variant is in both %s and %s",
        a->run->source, b->run->source);
}
