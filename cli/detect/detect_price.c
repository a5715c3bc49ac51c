/* SPDX-License-Identifier: MIT
 * Blocks of one baseline run and replays of every finding at that run's pace, between canaries,
 * until the predicted speed-ups are precise or there is no more time. */
#include "cli/detect/price_session.h"
#include "machine/baseline.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROUNDS = 24, /* to find the pace */
    ROUNDS = 4,        /* to keep it */
    TRIALS = 4         /* of each place, in turn */
};
static const double PRECISION = 0.02; /* of a predicted speed-up: a fix wins more, or nothing */

/* One run, its cpu time dealt to the recording's threads. */
static int run_on(
    struct price_session *s, int cpu, double *cpu_ns, double *elapsed_ns, struct err *err)
{
    struct baseline_run run;
    const struct baseline_options how = {
        .cpu = cpu, .most_ns = s->with->args.price_time_ns, .stop = s->with->stop};
    const int status = s->with->end.status, code = baseline_run(s->argv, &how, &run, err);
    if (code)
        return code;
    double *const plain_ns = calloc(run.threads + 1, sizeof *plain_ns);
    for (size_t i = 0; plain_ns && i < run.threads; i++)
        plain_ns[i] = run.thread[i].cpu_ns;
    if (plain_ns)
        price_threads(s->recording, plain_ns, run.threads, run.cpu_ns, cpu_ns);
    *elapsed_ns = run.elapsed_ns;
    const int failed = run.status != status && !*s->with->stop ? run.status : -1;
    baseline_fini(&run);
    free(plain_ns);
    return failed < 0
               ? 0
               : err_set(err, -EINVAL,
                     "--plain: '%s' ended with %d, the instrumented program with %d: they are "
                     "not the same",
                     s->with->args.plain, failed, status);
}

static int run_plain(struct price_session *s, struct err *err)
{
    struct price_program *const p = &s->program;
    double elapsed_ns = 0;
    p->threads = s->recording->threads;
    int code = run_on(s, BASELINE_ANY_CPU, p->cpu_ns, &p->elapsed_ns, err);
    if (!code && !*s->with->stop)
        code = run_on(s, (int)s->stage->cpu[0], p->alone_ns, &elapsed_ns, err);
    p->alone = !code && price_is_alone(p, elapsed_ns);
    if (!code && s->blocks == 0 && detect_records_count(s->with->folder) > s->records)
        return err_set(err, -EINVAL,
            "--plain: '%s' is built by numaprobe cc, too; name the same program built without",
            s->with->args.plain);
    return code;
}

/* Mean over the trials, NaN when none was undisturbed. */
static void measure_places(struct price_subject *sub)
{
    const size_t threads = sub->pattern.threads;
    double *const sums[PATTERN_PLACES] = {sub->shared_ns, sub->padded_ns};
    unsigned good[PATTERN_PLACES] = {0};
    for (size_t p = 0; p < PATTERN_PLACES; p++)
        memset(sums[p], 0, threads * sizeof(double));
    for (unsigned k = 0; k < PATTERN_PLACES * TRIALS; k++) {
        const enum pattern_place place =
            (enum pattern_place)((k + k / PATTERN_PLACES) % PATTERN_PLACES);
        if (!replay_once(sub->replay, place, sub->one_ns))
            continue;
        good[place]++;
        for (size_t i = 0; i < threads; i++)
            sums[place][i] += sub->one_ns[i];
    }
    for (size_t p = 0; p < PATTERN_PLACES; p++)
        for (size_t i = 0; i < threads; i++)
            sums[p][i] = good[p] ? sums[p][i] / good[p] : NAN;
}

static void price_one(struct price_session *s, struct price_subject *sub)
{
    struct price_block *const block = &sub->block[s->blocks];
    for (size_t i = 0; i < sub->pattern.threads; i++)
        sub->target_ns[i] = price_target_ns(&s->program, &sub->pattern, i);
    replay_move(sub->replay);
    replay_pace(sub->replay, price_place(&s->program, &sub->pattern), sub->target_ns,
        s->blocks ? ROUNDS : FIRST_ROUNDS);
    measure_places(sub);
    memset(s->saved_ns, 0, s->recording->threads * sizeof(double));
    price_save(&s->program, &sub->pattern, sub->shared_ns, sub->padded_ns, s->saved_ns, block);
    block->place = (int32_t)replay_place(sub->replay);
    block->elapsed_ns = s->program.elapsed_ns;
    block->fixed_ns = price_elapsed_ns(&s->program, s->saved_ns);
    for (size_t i = 0; i < s->recording->threads && sub->pattern.happens; i++)
        s->saved_all_ns[i] += s->saved_ns[i];
}

static int measure_block(struct price_session *s, struct err *err)
{
    struct stage *const stage = s->stage;
    struct canary_reading before, between, after;
    canary_read(&stage->canary, stage->crew, &stage->clock, &before);
    const int code = run_plain(s, err);
    if (code)
        return code;
    canary_read(&stage->canary, stage->crew, &stage->clock, &between);
    memset(s->saved_all_ns, 0, s->recording->threads * sizeof(double));
    for (size_t i = 0; i < s->subjects && !*s->with->stop; i++)
        price_one(s, &s->subject[i]);
    s->all[s->blocks] = (struct price_block){.elapsed_ns = s->program.elapsed_ns,
        .fixed_ns = price_elapsed_ns(&s->program, s->saved_all_ns),
        .place = s->subjects ? s->subject[0].block[s->blocks].place : 0};
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
        code = fold_one(s, sub->block, regime, sub->pattern.happens, sub->price);
        *precise &= interval_width(sub->price->speedup) <= PRECISION;
    }
    if (!code)
        code = fold_one(s, s->all, regime, true, &out->all);
    return code ? err_set(err, code, "out of memory for the prices") : 0;
}

static bool is_over(const struct price_session *s)
{
    return *s->with->stop || s->blocks == PRICE_BLOCKS ||
           (double)(clock_raw_ns() - s->began_ns) > s->with->args.price_time_ns;
}

static int measure_all(struct price_session *s, struct detect_prices *out, struct err *err)
{
    size_t look = stats_next_look(0), count;
    int code = 0;
    bool precise = false;
    s->began_ns = clock_raw_ns();
    s->records = detect_records_count(s->with->folder);
    do {
        code = measure_block(s, err);
        main_regime(s, &count);
        if (!code && count >= look) {
            look = stats_next_look(count);
            code = fold_blocks(s, out, &precise, err);
        }
    } while (!code && !precise && !is_over(s));
    return code ? code : fold_blocks(s, out, &precise, err);
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
    return code;
}

void detect_prices_fini(struct detect_prices *prices)
{
    free(prices->price);
    *prices = (struct detect_prices){0};
}
