/* SPDX-License-Identifier: MIT
 * Blocks of baseline runs and replays at their pace, between canaries,
 * until the predicted speed-ups are precise or there is no more time. */
#include "analysis/verdict/verdict.h"
#include "base/debug.h"
#include "cli/detect/price_session.h"
#include "cli/progress.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* After which nothing is shared: it saves all that the threads cost each other. */
static bool saves_all(const struct price_session *s, size_t fix)
{
    return s->program.alone && !s->all.shared_after[fix];
}

static bool needs_replay(const struct price_session *s)
{
    bool needs = false;
    for (size_t i = 0; i < s->all.fixes; i++)
        needs |= !saves_all(s, i);
    return needs;
}

/* Hand-overs, where the replay shows no cost at all. */
static double handover_share(const struct price_session *s, uint32_t fix)
{
    double fixed = 0, all = 0;
    for (size_t i = 0; i < s->all.pattern.items; i++) {
        const double off = (double)s->item[i].sharing->handovers_false;
        fixed += fix >> i & 1 ? off : 0;
        all += off + (double)s->item[i].sharing->handovers_true;
    }
    return all > 0 ? fixed / all : 0;
}

/* Of what the threads cost each other. */
static double saved_share(
    const struct price_session *s, size_t fix, const struct price_times *times)
{
    if (!s->all.shared_now) /* what is shared in the instrumented program lies apart in this one */
        return 0;
    if (saves_all(s, fix))
        return 1;
    const double share = price_share(&s->all.pattern, times);
    return isfinite(share) ? share : handover_share(s, s->all.fix[fix]);
}

static void price_fix(struct price_session *s, size_t fix, struct price_block *block)
{
    const struct price_times times = price_scene_times(&s->all, fix);
    memset(s->saved_ns, 0, s->recording->threads * sizeof(double));
    if (s->program.alone) {
        const double share = saved_share(s, fix, &times);
        price_save_share(&s->program, &s->all.pattern, share, s->saved_ns, block);
        debug(DEBUG_PRICE, "block %zu, fix %zu: share %.3f of what the threads cost each other",
            s->blocks, fix, share);
    } else {
        price_save_ratio(&s->program, &s->all.pattern, &times, s->saved_ns, block);
    }
}

static void price_moved(
    struct price_session *s, struct price_subject *sub, struct price_block *block)
{
    price_scene_measure(&sub->moved, &s->program, true);
    const struct price_times times = price_scene_times(&sub->moved, 0);
    memset(s->saved_ns, 0, s->recording->threads * sizeof(double));
    price_cost_ratio(&s->program, &sub->moved.pattern, &times, s->saved_ns, block);
}

static void finish_block(
    const struct price_session *s, const struct price_scene *scene, struct price_block *block)
{
    const bool replayed = scene != &s->all || needs_replay(s);
    block->place =
        scene->replay && replayed ? (int32_t)replay_place(scene->replay) : STATS_NO_PLACE;
    block->elapsed_ns = s->program.elapsed_ns;
    block->fixed_ns = price_elapsed_ns(&s->program, s->saved_ns);
}

static void price_all(struct price_session *s)
{
    if (s->happening && needs_replay(s))
        price_scene_measure(&s->all, &s->program, false);
    for (size_t i = 0; i < s->subjects && !*s->with->stop; i++) {
        struct price_subject *const sub = &s->subject[i];
        struct price_block *const block = &sub->block[s->blocks];
        if (sub->happens)
            price_fix(s, sub->fix, block);
        else
            price_moved(s, sub, block);
        finish_block(s, sub->happens ? &s->all : &sub->moved, block);
    }
    struct price_block *const block = &s->all_block[s->blocks];
    if (s->happening)
        price_fix(s, s->happening, block);
    else
        memset(s->saved_ns, 0, s->recording->threads * sizeof(double));
    finish_block(s, &s->all, block);
}

static int measure_block(struct price_session *s, struct err *err)
{
    struct stage *const stage = s->stage;
    struct canary_reading before, between, after;
    canary_read(&stage->canary, stage->crew, &stage->clock, &before);
    const int code = price_runs_take(s, err);
    if (code)
        return code;
    canary_read(&stage->canary, stage->crew, &stage->clock, &between);
    price_all(s);
    canary_read(&stage->canary, stage->crew, &stage->clock, &after);
    const bool same = canary_agree(&stage->canary, &before, &between) &&
                      canary_agree(&stage->canary, &between, &after);
    s->regime[s->blocks] = same ? canary_regime(&stage->canary, &before) : -1;
    s->blocks += !*s->with->stop;
    return 0;
}

/* The regime with the most blocks; -1: none. */
static int main_regime(const struct price_session *s, size_t *count)
{
    size_t blocks[CANARY_REGIMES] = {0};
    int best = -1;
    for (size_t i = 0; i < s->blocks; i++)
        if (s->regime[i] >= 0 && s->regime[i] < CANARY_REGIMES)
            blocks[s->regime[i]]++;
    for (int r = 0; r < CANARY_REGIMES; r++)
        if (blocks[r] && (best < 0 || blocks[r] > blocks[best]))
            best = r;
    *count = best < 0 ? 0 : blocks[best];
    return best;
}

static int fold_one(const struct price_session *s, const struct price_block *block, int regime,
    bool happens, struct price *out)
{
    size_t count = 0;
    struct price_block *const kept = calloc(s->blocks + 1, sizeof *kept);
    if (!kept)
        return -ENOMEM;
    for (size_t i = 0; i < s->blocks; i++)
        if (s->regime[i] == regime && regime >= 0)
            kept[count++] = block[i];
    const int code = price_fold(kept, count, happens, out);
    if (!code && count == 0)
        err_set(&out->why, -EAGAIN,
            "the machine was too noisy: no run had the same canary before, between and after");
    free(kept);
    return code;
}

/* Whether all are precise, too. */
static int fold_blocks(
    struct price_session *s, struct detect_prices *out, bool *precise, struct err *err)
{
    size_t count;
    const int regime = main_regime(s, &count);
    int code = 0;
    *precise = true;
    for (size_t i = 0; i < s->subjects && !code; i++) {
        struct price_subject *const sub = &s->subject[i];
        code = fold_one(s, sub->block, regime, sub->happens, sub->price);
        *precise &= price_is_precise(sub->price);
    }
    if (!code)
        code = fold_one(s, s->all_block, regime, true, &out->all);
    return code ? err_set(err, code, "out of memory for the prices") : 0;
}

static bool is_over(const struct price_session *s)
{
    return *s->with->stop || s->blocks == PRICE_BLOCKS ||
           (double)(clock_raw_ns() - s->began_ns) > s->with->args.price_time_ns;
}

/* An interval needs some blocks; its width shrinks with the root of their number. */
static void judge(const struct price_session *s, struct price *price)
{
    const double took_ns = (double)(clock_raw_ns() - s->began_ns);
    const struct interval before = price->speedup;
    price_judge(price);
    if (price->verdict != PRICE_UNDECIDED || before.n == 0 || *s->with->stop)
        return;
    const double half = (before.high - before.low) / 2;
    const double apart = fmin(fabs(before.mid - VERDICT_THRESHOLD), fabs(before.mid - 1));
    const double times =
        isfinite(half) ? pow(half / fmax(apart, 0.01), 2) : PRICE_BLOCKS_MIN / (double)before.n;
    price->decide_ns = took_ns * fmin(fmax(1.5, times), 20);
}

static int measure_all(struct price_session *s, struct detect_prices *out, struct err *err)
{
    size_t look = stats_next_look(0), count;
    int code = 0;
    bool precise = false;
    struct progress progress;
    s->began_ns = clock_raw_ns();
    s->records = detect_records_count(s->with->folder);
    progress_begin(&progress, s->with->args.quiet, 0, s->with->args.price_time_ns);
    do {
        progress_show(&progress, s->blocks, (double)(clock_raw_ns() - s->began_ns));
        code = measure_block(s, err);
        main_regime(s, &count);
        if (!code && count >= look) {
            look = stats_next_look(count);
            code = fold_blocks(s, out, &precise, err);
        }
    } while (!code && !precise && !is_over(s));
    progress_end(&progress);
    if (!code)
        code = fold_blocks(s, out, &precise, err);
    for (size_t i = 0; i < s->subjects && !code; i++)
        judge(s, s->subject[i].price);
    if (!code)
        judge(s, &out->all);
    return code;
}

static void give_reason(struct detect_prices *out, const char *reason)
{
    for (size_t i = 0; i < out->count; i++)
        if (!*out->price[i].why.text)
            err_set(&out->price[i].why, -ENOTSUP, "%s", reason);
}

static int measure_with(struct price_session *s, struct detect_prices *out, struct err *err)
{
    struct err why;
    int code = price_session_choose(s, out, err);
    if (code || s->subjects == 0)
        return code;
    if (price_session_stage(s, &why)) {
        give_reason(out, why.text);
        return 0;
    }
    code = price_session_allocate(s, err);
    return code ? code : measure_all(s, out, err);
}

int detect_prices_measure(struct detect_session *session, struct err *err)
{
    struct price_session s = {.with = session};
    struct detect_prices *const out = &session->prices;
    out->count = session->list.count;
    out->price = calloc(out->count + 1, sizeof *out->price);
    if (!out->price)
        return err_set(err, -ENOMEM, "out of memory for the prices");
    if (!session->args.plain) {
        give_reason(out, "pass the uninstrumented program with --plain");
        return 0;
    }
    out->measured = true;
    const int code = measure_with(&s, out, err);
    if (code)
        give_reason(out, err->text);
    price_session_fini(&s);
    detect_prices_order(session);
    return code;
}

void detect_prices_fini(struct detect_prices *prices)
{
    free(prices->price);
    *prices = (struct detect_prices){0};
}
