/* SPDX-License-Identifier: MIT
 * Which verdict a group of estimates deserves. The wording is in verdict_text.c. */
#include "analysis/verdict/verdict.h"

#include "analysis/verdict/verdict_text.h"

#include <errno.h>
#include <stdlib.h>

static bool any_slower(const struct ladder *ladder)
{
    for (size_t i = 0; i < ladder->count; i++)
        if (verdict_kind(ladder->estimate[i].ratio) == VERDICT_SLOWER)
            return true;
    return false;
}

/* The smallest alignment packs closest, so its verdict is that of the layout as it is usually
 * written. */
static enum verdict_kind judge_ladder(const struct ladder *ladder, struct text *text)
{
    const enum verdict_kind smallest = verdict_kind(ladder->estimate[0].ratio);
    const bool slower = any_slower(ladder);
    if (ladder->estimate[0].threads == 1 || !ladder->reference) {
        text_none(ladder, text);
        return VERDICT_NONE;
    }
    if (slower && smallest != VERDICT_SAME && smallest != VERDICT_FASTER) {
        text_sharing(ladder, text);
        return VERDICT_SLOWER;
    }
    if (smallest == VERDICT_FASTER || slower)
        text_padding(ladder, text);
    else if (smallest == VERDICT_SAME)
        text_same(ladder->estimate, text);
    else if (smallest == VERDICT_OPEN)
        text_open(ladder->estimate, text);
    else
        text_none(ladder, text);
    return slower ? VERDICT_SLOWER : smallest;
}

/* Two names for one variant: a difference either way is an error of the measurement. */
static enum verdict_kind judge_twin(const struct estimate *twin, struct text *text)
{
    const enum verdict_kind kind = verdict_kind(twin->ratio);
    if (kind == VERDICT_NONE)
        text_none(&(struct ladder){.estimate = twin, .count = 1, .reference = true}, text);
    else
        text_twin(twin, kind, text);
    return kind == VERDICT_FASTER ? VERDICT_SLOWER : kind;
}

static size_t group_end(const struct summary *summary, size_t from)
{
    size_t to = from + 1;
    while (to < summary->count &&
           estimate_same_group(&summary->estimate[from], &summary->estimate[to]))
        to++;
    return to;
}

static void add_ladder(
    const struct estimate *estimate, size_t count, struct verdict *out, size_t *n)
{
    const bool reference = estimate->align_bytes == SAMPLE_NONE;
    const struct ladder ladder = {estimate + reference, count - reference, reference};
    if (ladder.count == 0)
        return;
    struct verdict *verdict = &out[(*n)++];
    struct text text = {.at = verdict->text, .left = sizeof verdict->text};
    verdict->first = ladder.estimate;
    verdict->worst = judge_ladder(&ladder, &text);
    text_counters(&ladder, verdict_kind(ladder.estimate[0].ratio), &text);
}

static void add_twins(const struct estimate *estimate, size_t count, struct verdict *out, size_t *n)
{
    for (size_t i = 0; i < count; i++) {
        if (estimate[i].twin[0] != 'b')
            continue;
        struct verdict *verdict = &out[(*n)++];
        struct text text = {.at = verdict->text, .left = sizeof verdict->text};
        verdict->first = &estimate[i];
        verdict->worst = judge_twin(&estimate[i], &text);
    }
}

int verdict_build(const struct summary *summary, struct verdict **out, size_t *count)
{
    *count = 0;
    *out = calloc(summary->count + 1, sizeof **out);
    if (!*out)
        return -ENOMEM;
    for (size_t from = 0, to; from < summary->count; from = to) {
        to = group_end(summary, from);
        const struct estimate *group = &summary->estimate[from];
        if (estimate_is_map(group))
            continue;
        if (group[to - from - 1].twin[0])
            add_twins(group, to - from, *out, count);
        else
            add_ladder(group, to - from, *out, count);
    }
    return 0;
}
