/* SPDX-License-Identifier: MIT
 * Counted events, per op. */
#include "analysis/counts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* An event of a whole L3 stands in the row of one thread, but the ops of all its threads cause it.
 */
static bool is_wide(const struct sample *row, enum event_role role)
{
    char mark[64];
    snprintf(mark, sizeof mark, "%s[%s]=", event_roles[role].name, event_scopes[EVENT_L3]);
    return row->counters && strstr(row->counters, mark);
}

/* Events by ops; NaN where none was counted. */
static double block_per_op(const struct item *item, size_t rows, enum event_role role, bool wide)
{
    double events = 0, ops = 0;
    bool counted = false;
    for (size_t i = 0; i < rows; i++) {
        const struct sample *row = item[i].row;
        if (!item[i].accepted || row->counted_ops <= 0)
            continue;
        const bool has = row->count[role] >= 0;
        counted = counted || has;
        events += has ? (double)row->count[role] : 0;
        ops += has || wide ? (double)row->counted_ops : 0;
    }
    return counted && ops > 0 ? events / ops : NAN;
}

static int fold_count(const struct item *item, size_t rows, enum event_role role, double *value,
    struct figure *figure)
{
    const bool wide = is_wide(item->row, role);
    size_t blocks = 0;
    figure->per_op[role] = (struct interval){.low = NAN, .mid = NAN, .high = NAN};
    /* Whose of two roles an L3's events are, nobody knows. */
    if (wide && figure->threads != (int64_t)items_end(item, 0, rows, compare_trials))
        return 0;
    for (size_t from = 0, to; from < rows; from = to) {
        to = items_end(item, from, rows, compare_block);
        const double per_op = block_per_op(item + from, to - from, role, wide);
        if (!isnan(per_op))
            value[blocks++] = per_op;
    }
    return blocks ? stats_interval(value, blocks, (uint64_t)item->row->seed, &figure->per_op[role])
                  : 0;
}

int counts_fold(const struct item *item, size_t rows, double *value, struct figure *figure)
{
    int failed = 0;
    for (enum event_role role = 0; role < EVENT_HARDWARE && !failed; role++)
        failed = fold_count(item, rows, role, value, figure);
    return failed;
}

enum event_role counts_telling(const struct figure *figure, size_t figures)
{
    static const enum event_role roles[] = {EVENT_RFO, EVENT_FILL_SAME_L3, EVENT_FILL_REMOTE};
    enum event_role best = EVENT_HARDWARE;
    double most = -1;
    for (size_t i = 0; i < figures; i++)
        for (size_t r = 0; r < sizeof roles / sizeof *roles; r++)
            if (figure[i].per_op[roles[r]].n > 0 && figure[i].per_op[roles[r]].mid > most) {
                most = figure[i].per_op[roles[r]].mid;
                best = roles[r];
            }
    return best;
}
