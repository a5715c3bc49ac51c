/* SPDX-License-Identifier: MIT
 * Counted events, per op. */
#include "analysis/dataset/event_rates.h"

#include <math.h>
#include <string.h>

/* An event of a whole L3 is in the row of one thread, but the ops of all its threads cause it.
 */
static bool is_wide(const struct trial_fold_key *name, enum event_role role)
{
    char mark[64];
    snprintf(mark, sizeof mark, "%s[%s]=", event_roles[role].name, event_scopes[EVENT_L3]);
    return strstr(name->counters, mark);
}

/* What a fold counted of a role; NULL: nothing. */
static const struct trial_fold_count *count_of(
    const struct trial_folds *p, const struct trial_fold *fold, enum event_role role)
{
    if (fold->counts == FOLD_NONE || !(fold->roles >> role & 1))
        return NULL;
    const unsigned before = fold->roles & ((1u << role) - 1);
    return &p->count[fold->counts + 1 + (unsigned)__builtin_popcount(before)];
}

struct sum {
    double events, ops;
    bool counted;
};

static void add_fold(const struct trial_folds *p, const struct trial_fold *fold,
    enum event_role role, bool wide, struct sum *sum)
{
    if (!fold->accepted || fold->counts == FOLD_NONE)
        return;
    const struct trial_fold_count *const count = count_of(p, fold, role);
    if (count) {
        sum->counted = true;
        sum->events += count->events;
    }
    /* NOLINTNEXTLINE: the analyzer does not see that a fold with counts has some in the array */
    sum->ops += wide ? p->count[fold->counts].ops : count ? count->ops : 0;
}

static size_t rows_of_first_trial(const struct trial_folds *p, const uint32_t *index, size_t count)
{
    size_t rows = 0;
    for (size_t i = 0; i < count && p->fold[index[i]].trial == p->fold[*index].trial; i++)
        rows += p->fold[index[i]].rows;
    return rows;
}

static int fold_count(const struct trial_folds *p, const uint32_t *index, size_t count,
    enum event_role role, double *value, int32_t *place, struct estimate *estimate)
{
    const struct trial_fold_key *const name = &p->name[p->fold[*index].estimate];
    const bool wide = is_wide(name, role);
    size_t blocks = 0;
    estimate->per_op[role] = INTERVAL_NONE;
    /* If two roles share an L3, its events cannot be assigned to either. */
    if (wide && estimate->threads != (int64_t)rows_of_first_trial(p, index, count))
        return 0;
    for (size_t from = 0, to; from < count; from = to) {
        struct sum sum = {0};
        for (to = from; to < count && p->fold[index[to]].block == p->fold[index[from]].block; to++)
            add_fold(p, &p->fold[index[to]], role, wide, &sum);
        if (!sum.counted || !(sum.ops > 0))
            continue;
        place[blocks] = p->fold[index[from]].place;
        value[blocks++] = sum.events / sum.ops;
    }
    return blocks ? stats_interval(value, place, blocks, &estimate->per_op[role]) : 0;
}

static uint16_t roles_counted(const struct trial_folds *p, const uint32_t *index, size_t count)
{
    uint16_t roles = 0;
    for (size_t i = 0; i < count; i++)
        roles |= p->fold[index[i]].roles;
    return roles;
}

int event_rates_fold(const struct trial_folds *folds, const uint32_t *index, size_t count,
    double *value, int32_t *place, struct estimate *estimate)
{
    const uint16_t roles = roles_counted(folds, index, count);
    int failed = 0;
    for (enum event_role role = 0; role < EVENT_HARDWARE && !failed; role++)
        if (roles >> role & 1)
            failed = fold_count(folds, index, count, role, value, place, estimate);
        else
            estimate->per_op[role] = INTERVAL_NONE;
    return failed;
}

enum event_role event_rates_usable(const struct estimate *estimate, size_t estimates)
{
    static const enum event_role roles[] = {EVENT_RFO, EVENT_FILL_SAME_L3, EVENT_FILL_REMOTE};
    enum event_role best = EVENT_HARDWARE;
    double most = -1;
    for (size_t i = 0; i < estimates; i++)
        for (size_t r = 0; r < sizeof roles / sizeof *roles; r++)
            if (estimate[i].per_op[roles[r]].n > 0 && estimate[i].per_op[roles[r]].mid > most) {
                most = estimate[i].per_op[roles[r]].mid;
                best = roles[r];
            }
    return best;
}
