/* SPDX-License-Identifier: MIT
 * Summaries, joined where there are several, and judged. */
#include "analysis/ab/ab_result.h"

#include <errno.h>
#include <stdlib.h>

int ab_result_init(struct ab_result *result, const struct ab_session *session, size_t sessions,
    const struct ab_rule *rule)
{
    *result = (struct ab_result){.session = session, .sessions = sessions, .rule = *rule};
    result->each = calloc(sessions, sizeof *result->each);
    int code = result->each ? 0 : -ENOMEM;
    for (size_t i = 0; i < sessions && !code; i++)
        code = ab_summarise(&session[i], &result->each[i]);
    if (code) {
        ab_result_fini(result);
        return code;
    }
    if (sessions > 1)
        ab_join(result->each, sessions, &result->summary);
    else
        result->summary = result->each[0];
    ab_judge(&result->summary, rule, &result->verdicts);
    return 0;
}

void ab_result_fini(struct ab_result *result)
{
    free(result->each);
    result->each = NULL;
}

void ab_result_verdict(const struct ab_result *result, unsigned slot, char out[AB_VERDICT_TEXT])
{
    const bool joined = result->sessions > 1;
    ab_verdict_text(&result->verdicts, result->rule.judged, slot, joined ? "sessions" : "blocks",
        joined ? AB_SESSIONS_MIN : STATS_BLOCKS_MIN, out);
}

static bool is_alike(const struct ab_session *a, const struct ab_session *b)
{
    return ab_check_pair(a, b, NULL) == 0;
}

void ab_sessions_group(struct ab_sessions *s)
{
    for (size_t group = 0; group < s->count; group += ab_sessions_alike(s, group))
        for (size_t i = group + 1, end = i; i < s->count; i++) {
            if (!is_alike(&s->session[group], &s->session[i]))
                continue;
            const struct ab_session found = s->session[i];
            for (size_t k = i; k > end; k--)
                s->session[k] = s->session[k - 1];
            s->session[end++] = found;
        }
}

size_t ab_sessions_alike(const struct ab_sessions *s, size_t from)
{
    size_t to = from;
    while (to < s->count && is_alike(&s->session[from], &s->session[to]))
        to++;
    return to - from;
}
