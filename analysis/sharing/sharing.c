/* SPDX-License-Identifier: MIT
 * Candidates grouped by the objects on them, judged, and sorted. */
#include "analysis/sharing/sharing.h"

#include "analysis/sharing/finding_build.h"
#include "analysis/sharing/finding_resolve.h"
#include "analysis/sharing/sharing_judge.h"
#include "analysis/sharing/suggestion.h"
#include "base/compare.h"
#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A hand-over costs a tenth of a microsecond within a package and at most one between packages, and
 * an instrumented run is some 4 and up to 15 times slower than the program: 1,000 a second cost
 * 0.04% of one thread's time, 1.5% at the worst. Below, there is next to nothing to gain. What
 * could be but did not happen is an upper bound: a core keeps a contended line for some 35 accesses
 * (docs/method.md), hence the larger number. */
const struct sharing_rule sharing_rule = {
    .line_bytes = RECORD_LINE,
    .per_second = 1000,
    .least = 32,
    .latent_per_second = 10000,
    .latent_least = 1000,
    .mixed = 0.2,
};

/* Candidates of one group: the same objects, lying the same way. A ring's slots are truly shared
 * whatever its indices are, so lines with separable fields are judged separately. */
static int by_group(const void *a, const void *b)
{
    const struct candidate *const x = a, *const y = b;
    int order = compare_int(x->position, y->position);
    order = order ? order : compare_int(y->separable.is, x->separable.is);
    for (size_t i = 0; i < SHARING_OBJECTS && !order; i++)
        order = compare_u64(x->identity[i], y->identity[i]);
    return order;
}

static int by_group_then_start(const void *a, const void *b)
{
    const struct candidate *const x = a, *const y = b;
    const int order = by_group(a, b);
    return order ? order : compare_u64(x->start, y->start);
}

/* Moves the lines of a group that are falsely shared enough on their own to the front, and returns
 * how many. A queue's cells may be truly shared, and far more often than its two ends, which are
 * not. */
static size_t move_false_first(const struct recording *r, const struct sharing_rule *rule,
    struct candidate *group, size_t count)
{
    const struct sum all = sum_of(group, count);
    const bool known = was_surely_true(rule, &all);
    struct sharing_rule mostly = *rule;
    size_t first = 0;
    mostly.mixed = 0.5;
    for (size_t i = 0; i < count; i++) {
        const struct sum sum = sum_of(&group[i], 1);
        struct sharing s = {0};
        if (!judge_group(r, &mostly, &group[i], &sum, &s) || s.kind != SHARING_FALSE ||
            (known && s.latent != LATENT_NOT && was_as_contended(&sum)))
            continue;
        const struct candidate false_sharing = group[i];
        memmove(&group[first + 1], &group[first], (i - first) * sizeof *group);
        group[first++] = false_sharing;
    }
    return first;
}

static bool has_object(const struct sharing *finding, const struct candidate *group)
{
    for (size_t i = 0; i < finding->objects; i++)
        for (size_t k = 0; k < SHARING_OBJECTS; k++)
            if (finding->object[i].identity == group->identity[k])
                return true;
    return false;
}

/* A large block of bytes is dealt out in parts, as the pages of memcached's slabs: they lie
 * at many offsets as it is, and another start brings nothing new. */
static bool may_be_dealt_out(const struct sharing *finding)
{
    enum { PAGE = 4096 };
    const struct sharing_object *const o = &finding->object[0];
    const bool is_bytes = !o->type || dwarf_type_size(o->type) == 1;
    return o->kind == OBJECT_HEAP && is_bytes && o->size >= PAGE;
}

/* As false sharing: of an object that is truly shared as it lies, what another start brings is
 * news.
 */
static bool is_reported(const struct sharing_list *list, const struct recording *recording,
    const struct candidate *group)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct sharing *const s = list->finding[i];
        if (s->kind != SHARING_TRUE && s->recording == recording && has_object(s, group))
            return true;
    }
    return false;
}

static bool may_lie_otherwise(const struct sharing *finding)
{
    for (size_t i = 0; i < finding->objects; i++)
        if (finding->object[i].fixed)
            return false;
    return true;
}

/* If the allocation site is unknown and the object starts at a line boundary, the alignment may be
 * deliberate. */
static bool may_be_fixed(const struct sharing *finding)
{
    const struct sharing_object *const o = &finding->object[0];
    return o->kind == OBJECT_HEAP && !o->type && o->start % RECORD_LINE == 0;
}

/* Everything but its kind, which is judged. */
static int fill_finding(const struct sharing_context *context, const struct candidate *group,
    size_t count, const struct sum *sum, struct sharing *out)
{
    out->handovers_false = sum->false_sharing;
    out->handovers_true = sum->true_sharing;
    out->accesses = sum->accesses;
    out->contended = sum->possible + sum->possible_true;
    /* The recording of a killed process is somewhat behind with all accesses. */
    const uint64_t recorded = context->recording->header.accesses;
    if (recorded)
        out->share = sum->accesses < recorded ? (double)sum->accesses / (double)recorded : 1;
    if (context->recording->seen_seconds > 0)
        out->per_second = (double)sum->false_sharing / context->recording->seen_seconds;
    return finding_build(context, group, count, out);
}

/* By the type of an object, else by the code that uses it most. */
static enum dwarf_language find_language(const struct sharing *finding)
{
    for (size_t i = 0; i < finding->objects; i++)
        if (finding->object[i].type)
            return dwarf_type_language(finding->object[i].type);
    return finding->sites ? dwarf_language(finding->dwarf, finding->site[0].pc) : DWARF_C;
}

/* Is it to be reported? A recording may contradict itself: hand-overs of lines of which no byte was
 * touched. */
static bool is_finding(const struct candidate *group, const struct sharing *finding)
{
    return finding->objects && (group->position != LATENT_START ||
                                   (may_lie_otherwise(finding) && !may_be_fixed(finding) &&
                                       !may_be_dealt_out(finding)));
}

static int find_in_group(const struct sharing_context *context, const struct sharing_rule *rule,
    const struct candidate *group, size_t count, struct sharing_list *list)
{
    const struct sum sum = sum_of(group, count);
    struct sharing *const s = calloc(1, sizeof *s);
    if (!s)
        return -ENOMEM;
    *s = (struct sharing){.recording = context->recording, .dwarf = context->dwarf};
    int code = 0;
    if (!judge_group(context->recording, rule, group, &sum, s) ||
        (group->position != LATENT_NOT && is_reported(list, context->recording, group)))
        list->below += sum.false_sharing + sum.true_sharing > 0;
    else {
        code = fill_finding(context, group, count, &sum, s);
        if (!code && is_finding(group, s) && !(code = GROW(list->finding, list->count))) {
            s->language = find_language(s);
            suggestion_make(s, rule->line_bytes, &s->suggestion);
            finding_resolve(s);
            list->finding[list->count++] = s;
            return 0;
        }
    }
    finding_free(s);
    return code;
}

static int find_apart(const struct sharing_context *context, const struct sharing_rule *rule,
    struct candidate *group, size_t count, struct sharing_list *list)
{
    const struct sum sum = sum_of(group, count);
    struct sharing s = {0};
    size_t first = 0;
    if (!judge_group(context->recording, rule, group, &sum, &s) || s.kind == SHARING_TRUE)
        first = move_false_first(context->recording, rule, group, count);
    int code = first ? find_in_group(context, rule, group, first, list) : 0;
    if (!code && first < count)
        code = find_in_group(context, rule, &group[first], count - first, list);
    return code;
}

/* False before true, what happened before what may, then what could be contended for most: of the
 * hand-overs that happen, a busy machine decides how many they are, and the next run of the same
 * program would have another order. */
static int by_badness(const void *a, const void *b)
{
    const struct sharing *const x = *(const struct sharing *const *)a,
                                *const y = *(const struct sharing *const *)b;
    int order = compare_int(x->kind == SHARING_TRUE, y->kind == SHARING_TRUE);
    order = order ? order : compare_int(x->latent != LATENT_NOT, y->latent != LATENT_NOT);
    order = order ? order : compare_u64(y->contended, x->contended);
    order = order ? order : compare_u64(y->handovers_false, x->handovers_false);
    order = order ? order : compare_u64(x->recording->header.pid, y->recording->header.pid);
    return order ? order : compare_u64(x->worst, y->worst);
}

int sharing_find(const struct recording *recording, struct dwarf *dwarf,
    const struct sharing_rule *rule, struct sharing_list *list, struct err *err)
{
    const struct sharing_context context = {recording, dwarf};
    struct candidates c;
    int code = candidates_find(&context, rule->line_bytes, &c);
    if (!code && c.count)
        qsort(c.at, c.count, sizeof *c.at, by_group_then_start);
    for (size_t i = 0, next; !code && i < c.count; i = next) {
        for (next = i + 1; next < c.count && by_group(&c.at[i], &c.at[next]) == 0; next++)
            ;
        code = find_apart(&context, rule, &c.at[i], next - i, list);
    }
    candidates_fini(&c);
    if (list->count)
        qsort(list->finding, list->count, sizeof *list->finding, by_badness);
    return code ? err_set(err, code, "out of memory for the findings") : 0;
}

void sharing_fini(struct sharing_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        finding_free(list->finding[i]);
    free(list->finding);
    *list = (struct sharing_list){0};
}
