/* SPDX-License-Identifier: MIT
 * Times of accesses composed to a program's time. */
#include "analysis/price/price.h"

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

bool price_threads(const struct recording *r, const double *plain_ns, size_t threads, double all_ns,
    double *cpu_ns)
{
    double watched = 0;
    for (size_t i = 0; i < r->threads; i++)
        watched += (double)r->thread[i].cpu_ns;
    const bool same = threads == r->threads && count_lives(r) == r->threads;
    for (size_t i = 0; i < r->threads; i++)
        cpu_ns[i] = same          ? plain_ns[rank_of(r, i)]
                    : watched > 0 ? all_ns * (double)r->thread[i].cpu_ns / watched
                                  : 0;
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

enum pattern_place price_place(const struct price_program *program, const struct pattern *pattern)
{
    return program->alone || !pattern->happens ? PATTERN_PADDED : PATTERN_SHARED;
}

/* A transfer between packages takes about half a microsecond; of one in 50 a hundredth is lost. */
static const double RARE_NS = 50000;

/* The time in which a thread uses the lines, as it is and without the others. */
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

/* What the lines cost a thread by the replay: by the ratio of both places, not by their
 * difference, since where the replay cannot go quite at the program's pace, both are off alike. */
static double replayed_cost_ns(const struct price_program *program, const struct pattern *p,
    const struct pattern_thread *t, double slower)
{
    if (!p->happens)
        return used_ns(program, t) * (slower - 1);
    return program->alone ? alone_ns(program, t) * (slower - 1)
                          : used_ns(program, t) * (1 - 1 / slower);
}

/* What the other threads cost it in the program, by whatever they share. */
static double program_cost_ns(const struct price_program *program, const struct pattern_thread *t)
{
    return fmax(0, used_ns(program, t) - alone_ns(program, t));
}

/* Of what the threads cost each other in the program, the part that the replay explains. How much
 * of it each thread pays, only the program shows: which thread wins a line more often depends on
 * details of the loops, the sum does much less. */
static double explained_share(const struct price_program *program, const struct pattern *p,
    const double *shared_ns, const double *padded_ns)
{
    double replayed = 0, paid = 0;
    for (size_t i = 0; i < p->threads; i++)
        if (isfinite(shared_ns[i] / padded_ns[i])) {
            replayed += replayed_cost_ns(program, p, &p->thread[i], shared_ns[i] / padded_ns[i]);
            paid += program_cost_ns(program, &p->thread[i]);
        }
    return paid > 0 ? fmin(1, fmax(0, replayed / paid)) : 0;
}

void price_save(const struct price_program *program, const struct pattern *p,
    const double *shared_ns, const double *padded_ns, double *saved_ns, struct price_block *out)
{
    const double share = explained_share(program, p, shared_ns, padded_ns);
    double shared = 0, padded = 0, ops = 0, used = 0;
    *out = (struct price_block){0};
    for (size_t i = 0; i < p->threads; i++) {
        const struct pattern_thread *const t = &p->thread[i];
        const double slower = shared_ns[i] / padded_ns[i];
        if (!isfinite(slower))
            continue;
        shared += t->ops * shared_ns[i];
        padded += t->ops * padded_ns[i];
        ops += t->ops;
        used += used_ns(program, t);
        if (!p->happens)
            saved_ns[t->slot] -= replayed_cost_ns(program, p, t, slower);
        else if (program->alone)
            saved_ns[t->slot] += share * program_cost_ns(program, t);
        else
            saved_ns[t->slot] += replayed_cost_ns(program, p, t, slower);
    }
    out->shared_ns = shared / ops; /* NaN for none */
    out->padded_ns = padded / ops;
    out->fit = shared / used;
}

/* All findings together cannot save a thread more than what the others cost it. */
static double time_left(const struct price_program *program, size_t i, const double *saved_ns)
{
    const double now = program->cpu_ns[i];
    const double least = program->alone ? fmin(now, program->alone_ns[i]) : 0;
    return saved_ns ? fmax(least, now - saved_ns[i]) : now;
}

static double longest_thread(const struct price_program *program, const double *saved_ns)
{
    double sum = 0, most = 0;
    for (size_t i = 0; i < program->threads; i++) {
        sum += time_left(program, i, saved_ns);
        most = fmax(most, time_left(program, i, saved_ns));
    }
    return fmax(most, sum / program->cpus);
}

double price_elapsed_ns(const struct price_program *program, const double *saved_ns)
{
    const double shorter = longest_thread(program, NULL) - longest_thread(program, saved_ns);
    return fmax(program->elapsed_ns - shorter, 0);
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

void price_text(const struct price *p, char *out, size_t size)
{
    static const struct {
        const char *before, *after;
    } texts[][2] = {
        [PRICE_GAIN] = {{"if it happened, the program would be ", " times as slow"},
            {"fixing it makes the program ", " times as fast"}},
        [PRICE_NONE] = {{"if it happened, it would have no significant cost: ", " times as slow"},
            {"no significant gain: ", " times as fast"}},
        [PRICE_LOSS] = {{"if it happened, the program would be faster: ", " times as slow"},
            {"fixing it makes the program slower: ", " times as fast"}},
        [PRICE_UNDECIDED] = {{"undecided: if it happened, the program may be ", " times as slow"},
            {"undecided: fixing it may make the program ", " times as fast"}},
    };
    if (!p->known || p->verdict == PRICE_UNKNOWN) {
        snprintf(out, size, "not known: %s", p->why.text);
        return;
    }
    snprintf(out, size, "%s%.3g%s", texts[p->verdict][p->happens].before, p->speedup.mid,
        texts[p->verdict][p->happens].after);
    if (isfinite(p->speedup.low))
        text_append(out, size, " (%.3g to %.3g)", p->speedup.low, p->speedup.high);
    else
        text_append(out, size, " (%zu run%s, too few for an interval)", p->speedup.n,
            p->speedup.n == 1 ? "" : "s");
}
