/* SPDX-License-Identifier: MIT
 * Times of accesses composed to a program's time. */
#include "analysis/price/price.h"

#include "analysis/format/format.h"
#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static size_t count_lives(const struct recording *r)
{
    size_t sum = 0;
    for (size_t i = 0; i < r->threads; i++)
        sum += r->thread[i].lives;
    return sum;
}

/* Rank of thread i by its number, which grows as threads are created. */
static size_t rank_of(const struct recording *r, size_t i)
{
    size_t rank = 0;
    for (size_t j = 0; j < r->threads; j++)
        rank += r->thread[j].tid < r->thread[i].tid;
    return rank;
}

/* What each thread used in the instrumented run. The kernel does not know goroutines, which are
 * weighed by the accesses that were seen. */
static double weight_of(const struct recording *r, size_t i)
{
    const struct record_thread *const t = &r->thread[i];
    return (double)(r->header.coroutines_created ? t->accesses : t->cpu_ns);
}

bool price_threads(const struct recording *r, const double *plain_ns, size_t threads, double all_ns,
    double *cpu_ns)
{
    double all = 0;
    for (size_t i = 0; i < r->threads; i++)
        all += weight_of(r, i);
    const bool same =
        !r->header.coroutines_created && threads == r->threads && count_lives(r) == r->threads;
    for (size_t i = 0; i < r->threads; i++)
        cpu_ns[i] = same ? plain_ns[rank_of(r, i)] : all > 0 ? all_ns * weight_of(r, i) / all : 0;
    return same;
}

bool price_is_alone(const struct price_program *program, double alone_elapsed_ns)
{
    const double slack = 1.1; /* of two runs one after the other */
    double cpu = 0, alone = 0;
    for (size_t i = 0; i < program->threads; i++) {
        cpu += program->cpu_ns[i];
        alone += program->alone_ns[i];
    }
    return alone > 0 && alone < slack * alone_elapsed_ns && alone < slack * cpu;
}

/* A transfer between packages takes about half a microsecond; of one in 50 a hundredth is lost. */
static const double RARE_NS = 50000;

/* The time in which a thread uses the lines, on all cpus and on one. */
static double used_ns(const struct price_program *program, const struct pattern_thread *t)
{
    return program->cpu_ns[t->slot] * t->active;
}

static double alone_ns(const struct price_program *program, const struct pattern_thread *t)
{
    return program->alone_ns[t->slot] * t->active;
}

double price_target_ns(
    const struct price_program *program, const struct pattern *pattern, size_t thread)
{
    const struct pattern_thread *const t = &pattern->thread[thread];
    const double ns = (program->alone ? alone_ns(program, t) : used_ns(program, t)) / t->ops;
    return ns < RARE_NS && ns > 0 ? ns : NAN;
}

void price_presence(
    const struct price_program *program, const struct pattern *pattern, double *presence)
{
    double most = 0;
    for (size_t i = 0; i < pattern->threads; i++) {
        presence[i] = used_ns(program, &pattern->thread[i]);
        most = fmax(most, presence[i]);
    }
    for (size_t i = 0; i < pattern->threads; i++)
        presence[i] = most > 0 ? presence[i] / most : 1;
}

double price_share(const struct pattern *pattern, const struct price_times *times)
{
    const double least = 0.02; /* of the replay's time: less is noise */
    double now = 0, saved = 0, lost = 0;
    for (size_t i = 0; i < pattern->threads; i++) {
        const double ops = pattern->thread[i].ops;
        if (!isfinite(times->now[i] + times->fixed[i] + times->alone[i]))
            continue;
        now += ops * times->now[i];
        saved += ops * (times->now[i] - times->fixed[i]);
        lost += ops * (times->now[i] - times->alone[i]);
    }
    return lost > least * now ? fmin(1, fmax(0, saved / lost)) : (double)NAN;
}

/* What is added up over the threads of a pattern. */
struct sums {
    double ops, used, left;
};

static void add_saved(const struct price_program *program, const struct pattern_thread *t,
    double saved, double *saved_ns, struct sums *s)
{
    if (!isfinite(saved))
        return;
    saved_ns[t->slot] += saved;
    s->ops += t->ops;
    s->used += used_ns(program, t);
    s->left += used_ns(program, t) - saved;
}

/* The slower of both is the program as it is, or as it would be; NaN for none. */
static struct price_block block_of(const struct sums *s)
{
    return (struct price_block){.shared_ns = fmax(s->used, s->left) / s->ops,
        .padded_ns = fmin(s->used, s->left) / s->ops,
        .fit = NAN};
}

static double fit_of(
    const struct price_program *program, const struct pattern *p, const struct price_times *times)
{
    double replayed = 0, used = 0;
    for (size_t i = 0; i < p->threads; i++)
        if (isfinite(times->now[i])) {
            replayed += p->thread[i].ops * times->now[i];
            used += used_ns(program, &p->thread[i]);
        }
    return replayed / used;
}

void price_save_share(const struct price_program *program, const struct pattern *pattern,
    double share, double *saved_ns, struct price_block *out)
{
    struct sums sums = {0};
    for (size_t i = 0; i < pattern->threads; i++) {
        const struct pattern_thread *const t = &pattern->thread[i];
        const double lost = program->cpu_ns[t->slot] * program->user -
                            program->alone_ns[t->slot] * program->alone_user;
        add_saved(program, t, share * lost, saved_ns, &sums);
    }
    *out = block_of(&sums);
}

/* By the ratio of both times, not by their difference, since where the replay cannot go quite at
 * the program's pace, both are off alike. */
void price_save_ratio(const struct price_program *program, const struct pattern *pattern,
    const struct price_times *times, double *saved_ns, struct price_block *out)
{
    struct sums sums = {0};
    for (size_t i = 0; i < pattern->threads; i++) {
        const struct pattern_thread *const t = &pattern->thread[i];
        add_saved(program, t, used_ns(program, t) * (1 - times->fixed[i] / times->now[i]), saved_ns,
            &sums);
    }
    *out = block_of(&sums);
    out->fit = fit_of(program, pattern, times);
}

void price_cost_ratio(const struct price_program *program, const struct pattern *pattern,
    const struct price_times *times, double *saved_ns, struct price_block *out)
{
    struct sums sums = {0};
    for (size_t i = 0; i < pattern->threads; i++) {
        const struct pattern_thread *const t = &pattern->thread[i];
        const double ns = program->alone ? alone_ns(program, t) : used_ns(program, t);
        add_saved(program, t, -ns * (times->now[i] / times->fixed[i] - 1), saved_ns, &sums);
    }
    *out = block_of(&sums);
    out->fit = fit_of(program, pattern, times);
}

/* All findings together cannot save a thread more than what the others cost it. */
static double time_left(const struct price_program *program, size_t i, const double *saved_ns)
{
    const double now = program->cpu_ns[i];
    const double least = program->alone ? fmin(now, program->alone_ns[i]) : 0;
    return saved_ns ? fmax(least, now - saved_ns[i]) : now;
}

static double longest_thread(
    const struct price_program *program, const double *saved_ns, double *most)
{
    double sum = 0;
    *most = 0;
    for (size_t i = 0; i < program->threads; i++) {
        sum += time_left(program, i, saved_ns);
        *most = fmax(*most, time_left(program, i, saved_ns));
    }
    return fmax(*most, sum / program->cpus);
}

/* Others use the cpus in a share of the time, which is saved, too. Where threads outnumber the cpus
 * they also wait for each other, which the sum over them contains. */
double price_elapsed_ns(const struct price_program *program, const double *saved_ns)
{
    double most, left;
    const double now = longest_thread(program, NULL, &most);
    const double waited = now > 0 ? fmax(1, most * (1 + program->waited) / now) : 1;
    const double shorter = now - longest_thread(program, saved_ns, &left);
    return fmax(program->elapsed_ns - waited * shorter, 0);
}

/* By the sign test, the interval from the least to the most of n values covers the median in all
 * but 2^(1-n) of cases: 97% for 6. */
static void span_few(const double *value, size_t count, struct interval *out)
{
    if (count < PRICE_BLOCKS_MIN || isfinite(out->low))
        return;
    out->low = out->high = value[0];
    for (size_t i = 1; i < count; i++) {
        out->low = fmin(out->low, value[i]);
        out->high = fmax(out->high, value[i]);
    }
}

/* Leaves out what is not finite. */
static int fold_values(
    double *value, const struct price_block *block, size_t count, struct interval *out)
{
    int32_t *const place = malloc((count + 1) * sizeof *place);
    if (!place)
        return -ENOMEM;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(value[i]))
            continue;
        place[kept] = block[i].place;
        value[kept++] = value[i];
    }
    const int failed = stats_interval(value, place, kept, out);
    if (!failed)
        span_few(value, kept, out);
    free(place);
    return failed;
}

static enum price_verdict verdict_of(struct interval s)
{
    if (!isfinite(s.mid))
        return PRICE_UNKNOWN;
    if (s.low > VERDICT_THRESHOLD)
        return PRICE_GAIN;
    if (s.high < 1 / VERDICT_THRESHOLD)
        return PRICE_LOSS;
    return s.low > 1 / VERDICT_THRESHOLD && s.high < VERDICT_THRESHOLD ? PRICE_NONE
                                                                       : PRICE_UNDECIDED;
}

int price_fold(const struct price_block *block, size_t blocks, bool happens, struct price *out)
{
    struct interval fit = {0};
    struct interval *const folded[] = {&out->speedup, &out->shared_ns, &out->padded_ns, &fit};
    double *const value = calloc(4 * blocks + 1, sizeof *value);
    *out = (struct price){.known = blocks > 0, .happens = happens};
    if (!value)
        return -ENOMEM;
    for (size_t i = 0; i < blocks; i++) {
        const struct price_block *const b = &block[i];
        value[i] = happens ? b->elapsed_ns / b->fixed_ns : b->fixed_ns / b->elapsed_ns;
        value[i + blocks] = b->shared_ns;
        value[i + 2 * blocks] = b->padded_ns;
        value[i + 3 * blocks] = b->fit;
    }
    int code = 0;
    for (size_t i = 0; i < sizeof folded / sizeof *folded && !code; i++)
        code = fold_values(&value[i * blocks], block, blocks, folded[i]);
    free(value);
    out->fit = fit.mid;
    out->verdict = verdict_of(out->speedup);
    return code;
}

/* Of the time that is saved or lost, but not more than that of what is left. */
static const double MODEL_ERROR = 0.15, LEFT_ERROR = 0.25;

/* By how much the time after the fix may be off for that reason, as a share of the time before. */
static double model_error(const struct price *p)
{
    const double mid = p->speedup.mid;
    return p->happens ? fmin(MODEL_ERROR * fabs(1 - 1 / mid), LEFT_ERROR / mid)
                      : MODEL_ERROR * fabs(mid - 1);
}

void price_judge(struct price *p)
{
    const double off = model_error(p), most = 2; /* where next to nothing is left of a time */
    struct interval *const s = &p->speedup;
    if (p->happens) {
        s->low = 1 / (1 / s->low + off);
        s->high = fmin(1 / fmax(1 / s->high - off, 0), most * s->high);
    } else {
        s->low -= off;
        s->high += off;
    }
    p->verdict = verdict_of(*s);
}

bool price_is_precise(const struct price *p)
{
    const double least = 0.02; /* a fix wins more, or nothing */
    const double off = model_error(p) * (p->happens ? p->speedup.mid : 1 / p->speedup.mid);
    return interval_width(p->speedup) <= fmax(least, off / 2);
}

void price_text(const struct price *p, char *out, size_t size)
{
    static const struct {
        const char *before, *as;
    } texts[][2] = {
        [PRICE_GAIN] = {{"if it happened, the program would be ", "slow"},
            {"fixing it makes the program ", "fast"}},
        [PRICE_NONE] = {{"if it happened, it would have no significant cost: ", "slow"},
            {"no significant gain: ", "fast"}},
        [PRICE_LOSS] = {{"if it happened, the program would be faster: ", "slow"},
            {"fixing it makes the program slower: ", "fast"}},
        [PRICE_UNDECIDED] = {{"undecided: if it happened, the program may be ", "slow"},
            {"undecided: fixing it may make the program ", "fast"}},
    };
    char times[CELL_TEXT];
    if (!p->known || p->verdict == PRICE_UNKNOWN) {
        snprintf(out, size, "not known: %s", p->why.text);
        return;
    }
    snprintf(out, size, "%s%s", texts[p->verdict][p->happens].before,
        times_text(p->speedup, texts[p->verdict][p->happens].as, times));
    if (!isfinite(p->speedup.low))
        text_append(out, size, " (%zu run%s, too few for an interval)", p->speedup.n,
            p->speedup.n == 1 ? "" : "s");
    if (p->verdict == PRICE_UNDECIDED && p->decide_ns > 0)
        text_append(out, size, "; --price-time %.0fs may decide it", ceil(p->decide_ns / 1e9));
}
