/* SPDX-License-Identifier: MIT
 * Watching for shared lines: samples, questions to watchpoints, and what was proved. */
#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "analysis/report/detect_file.h"
#include "cli/cmd.h"
#include "cli/watch/watch_live.h"
#include "probes/watch/proof.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* A tick takes its samples out at once, so ticks are short: on a machine that has no cpu to spare
 * the program waits for it. */
enum { TICK_NS = 2500000 };

static int sharing_open(struct watch_session *s, struct err *err)
{
    s->contested = contested_new();
    s->windows = window_cache_new();
    rng_seed(&s->rng, 1);
    if (!s->contested || !s->windows)
        return err_set(err, -ENOMEM, "out of memory");
    if (!code_can_decode())
        return err_set(err, -ENOTSUP,
            "watch: this build cannot decode instructions: it needs AArch64, or x86-64 and Zydis");
    return proof_dead_ns(&s->dead_ns, err);
}

static void age(struct watch_session *s)
{
    const double kept = 0.9;
    if (watch_seconds(s) < s->aged_s + 1)
        return;
    s->aged_s = watch_seconds(s);
    contested_age(s->contested, kept);
}

static int sharing_tick(struct watch_session *s, struct err *err)
{
    enum { QUESTION_TICKS = 4 };
    int code = 0;
    if (watch_sample(s))
        return err_set(err, -ENOMEM, "out of memory for the samples");
    s->due += watch_pace(s);
    if (s->due >= QUESTION_TICKS) {
        code = watch_prove(s, err);
        s->due = 0;
    }
    if (!code)
        code = watch_price_step(s, err);
    age(s);
    return code;
}

static bool has_findings(const struct proved *proved)
{
    for (size_t i = 0; i < proved->lines; i++)
        if (proved_is_sure(&proved->line[i]))
            return true;
    return false;
}

static void find_names(struct watch_live *live, struct watch_session *s)
{
    const double began = watch_seconds(s);
    struct watch_found found = {0};
    struct err err;
    if (watch_find(s, &found, &err) == 0) {
        watch_found_fini(&s->shown);
        s->shown = found;
    } else {
        watch_found_fini(&found); /* the report has the reason */
    }
    watch_live_named(live, began, watch_seconds(s));
}

static void sharing_draw(struct watch_live *live, struct watch_session *s)
{
    enum { SHOWN = 10 };
    char line[2 * FINDING_TEXT], title[FINDING_TEXT], share[CELL_TEXT];
    if (has_findings(&s->proved) && watch_live_may_name(live, watch_seconds(s)))
        find_names(live, s);
    const struct detect_view *const view = &s->shown.view;
    for (size_t i = 0; i < view->findings.count && i < SHOWN; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        snprintf(line, sizeof line, "%5s of a thread's time, proved %" PRIu64 " times: %s",
            share_text(f->share, share), f->proofs.separate + f->proofs.common,
            title_text(f, title));
        watch_live_line(live, line);
    }
}

static int sharing_report(
    struct watch_session *s, FILE *text, FILE *json, size_t *found, struct err *err)
{
    struct watch_found all = {0};
    int code = watch_find(s, &all, err);
    *found = detect_view_count(&all.view);
    if (!code && text)
        watch_print_text(s, &all.view, text);
    if (!code && json && detect_file_write(&all.view, json) == -ENOMEM)
        code = err_set(err, -ENOMEM, "--json: out of memory");
    watch_found_fini(&all);
    return code;
}

static void sharing_close(struct watch_session *s)
{
    watch_found_fini(&s->shown);
    contested_free(s->contested);
    window_cache_free(s->windows);
    proved_fini(&s->proved);
    free(s->price.relief);
}

const struct watch_mode watch_sharing = {
    .samples = true,
    .settles = true,
    .tick_ns = TICK_NS,
    .open = sharing_open,
    .tick = sharing_tick,
    .draw = sharing_draw,
    .report = sharing_report,
    .close = sharing_close,
};
