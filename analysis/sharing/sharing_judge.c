/* SPDX-License-Identifier: MIT
 * The rules that docs/detect.md states in "What is reported"; sharing.c has the thresholds. */
#include "analysis/sharing/sharing_judge.h"

#include <math.h>

static void add_evidence(const struct candidate *c, struct sum *s)
{
    const bool as_it_is = c->position == LATENT_NOT;
    s->known_false += as_it_is ? c->handovers_false : c->around_false;
    s->known_true += as_it_is ? c->handovers_true : c->around_true;
    s->known_of += as_it_is ? c->possible + c->possible_true : c->accesses;
}

struct sum sum_of(const struct candidate *c, size_t count)
{
    struct sum s = {.lines = count};
    for (size_t i = 0; i < count; i++) {
        s.false_sharing += c[i].handovers_false;
        s.true_sharing += c[i].handovers_true;
        s.switched += c[i].switched;
        s.possible += c[i].possible;
        s.possible_true += c[i].possible_true;
        s.accesses += c[i].accesses;
        add_evidence(&c[i], &s);
        s.separable |= c[i].separable.is;
        s.uniform |= !c[i].separable.is;
    }
    return s;
}

/* `least`: the share of false ones from which on both are reported. */
static enum sharing_kind kind_of(
    const struct sharing_rule *rule, uint64_t false_sharing, uint64_t true_sharing, double least)
{
    const double all = (double)false_sharing + (double)true_sharing,
                 share = all > 0 ? (double)false_sharing / all : 0;
    if (share >= 1 - rule->mixed)
        return SHARING_FALSE;
    return share >= least ? SHARING_MIXED : SHARING_TRUE;
}

/* Where the same threads use every byte alike, as of counters that are drawn, fields apart make two
 * lines travel instead of one: only when most hand-overs that happened are false is there something
 * to gain. */
static double least_of(const struct sharing_rule *rule, const struct sum *sum)
{
    return sum->uniform && !sum->separable ? 0.5 : rule->mixed;
}

static enum sharing_kind happened_kind(const struct sharing_rule *rule, const struct sum *sum)
{
    return kind_of(rule, sum->false_sharing, sum->true_sharing, least_of(rule, sum));
}

/* What is surely reached: in another run of the same program it would have been another count, and
 * a gate must not depend on that. Counts are taken to be Poisson's, at 95%. */
static double surely(uint64_t count)
{
    return (double)count - 1.645 * sqrt((double)count);
}

static bool is_enough(const struct recording *r, uint64_t count, double per_second, uint64_t least)
{
    const double sure = surely(count);
    return sure >= (double)least && (r->seen_seconds <= 0 || sure / r->seen_seconds >= per_second);
}

/* Does it cost a hundredth of the time, if an access takes 1 ns and a hand-over 100? Of lines with
 * a large part of the accesses that is not asked: a busy machine lets their threads run in turns.
 */
static bool is_noticeable(const struct recording *r, const struct sum *sum)
{
    enum { LARGE = 100, NS_A_HANDOVER = 100 };
    const uint64_t all = r->header.accesses;
    return sum->accesses * LARGE >= all || sum->false_sharing * LARGE * NS_A_HANDOVER >= all;
}

/* Most of the hand-overs were within a cpu that turned from one thread to another: no line moved.
 */
static bool stayed_on_cpu(const struct sum *sum)
{
    return 2 * sum->switched > sum->false_sharing + sum->true_sharing;
}

/* Of a contended line, while a core holds it (docs/method.md). */
enum { ACCESSES_A_HOLD = 35 };

/* Far fewer hand-overs than a contended line has, and far apart: the threads ran in turns of a
 * scheduler (0.7 ms and more, Linux's sysctl_sched_base_slice), and what happened when they did not
 * is too little to judge by. Hand-overs that are closer than that are of threads that wait for each
 * other: then what is possible counts their polling. */
static bool in_turns(const struct recording *r, const struct sum *sum)
{
    enum { TURNS_A_SECOND = 1400 };
    const uint64_t handovers = sum->false_sharing + sum->true_sharing;
    return handovers * ACCESSES_A_HOLD < sum->possible + sum->possible_true &&
           (double)handovers < TURNS_A_SECOND * r->seen_seconds * (double)sum->lines;
}

bool was_as_contended(const struct sum *sum)
{
    enum { HOLDS = 4 };
    return sum->known_false + sum->known_true >= sum->known_of / (HOLDS * ACCESSES_A_HOLD);
}

bool was_surely_true(const struct sharing_rule *rule, const struct sum *sum)
{
    return surely(sum->known_false + sum->known_true) >= (double)rule->least &&
           was_as_contended(sum) &&
           kind_of(rule, sum->known_false, sum->known_true, least_of(rule, sum)) == SHARING_TRUE;
}

static bool judge_possible(const struct recording *r, const struct sharing_rule *rule,
    const struct candidate *group, const struct sum *sum, struct sharing *out)
{
    out->latent = group->position != LATENT_NOT ? group->position
                  : r->joined                   ? LATENT_PROCESSES
                                                : LATENT_TURNS;
    /* No more than there are accesses, and as many as there were. */
    out->possible = sum->possible < sum->accesses ? sum->possible : sum->accesses;
    if (out->possible < sum->false_sharing)
        out->possible = sum->false_sharing;
    out->kind = sum->separable ? kind_of(rule, sum->possible, sum->possible_true, rule->mixed)
                               : SHARING_TRUE;
    if (was_surely_true(rule, sum))
        out->kind = SHARING_TRUE;
    return out->kind != SHARING_TRUE &&
           is_enough(r, sum->possible, rule->latent_per_second, rule->latent_least);
}

bool judge_group(const struct recording *r, const struct sharing_rule *rule,
    const struct candidate *group, const struct sum *sum, struct sharing *out)
{
    const bool happened = group->position == LATENT_NOT && !stayed_on_cpu(sum) &&
                          (is_enough(r, sum->false_sharing, rule->per_second, rule->least) ||
                              is_enough(r, sum->true_sharing, rule->per_second, rule->least));
    if (!happened)
        return judge_possible(r, rule, group, sum, out);
    if (happened_kind(rule, sum) == SHARING_TRUE && in_turns(r, sum) &&
        judge_possible(r, rule, group, sum, out))
        return true;
    *out = (struct sharing){.recording = out->recording, .dwarf = out->dwarf};
    out->kind = happened_kind(rule, sum);
    const uint64_t counted = out->kind == SHARING_TRUE ? sum->true_sharing : sum->false_sharing;
    return is_enough(r, counted, rule->per_second, rule->least) &&
           (out->kind == SHARING_TRUE || is_noticeable(r, sum));
}
