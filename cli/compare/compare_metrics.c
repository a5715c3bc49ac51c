/* SPDX-License-Identifier: MIT
 * A comparison as Prometheus's metrics. */
#include "analysis/format/metrics.h"
#include "cli/compare/compare_forms.h"

/* Values of each pair. */
static const struct {
    const char *name, *help;
    size_t at; /* of the double in struct compare_pair */
} values[] = {
    {"numaprobe_compare_ratio", "Time of B over that of A.",
        offsetof(struct compare_pair, ratio.mid)},
    {"numaprobe_compare_low_ratio", "Lower end of its 95% interval.",
        offsetof(struct compare_pair, ratio.low)},
    {"numaprobe_compare_high_ratio", "Upper end of its 95% interval.",
        offsetof(struct compare_pair, ratio.high)},
};

/* Run ids differ from day to day, so runs of one file are numbered. */
static void add_pair(struct metrics *m, size_t value, const struct compare_pair *pair, size_t runs)
{
    const struct estimate *const f = pair->a.estimate;
    char number[9][METRIC_NUMBER], gap[METRIC_NUMBER];
    snprintf(gap, sizeof gap, "%g", f->gap_ns);
    const struct metric_label label[] = {{"instrument", f->instrument}, {"layout", f->layout},
        {"align_bytes", metric_number(f->align_bytes, SAMPLE_NONE, number[0])}, {"op", f->op},
        {"role", f->role}, {"mode", f->mode}, {"gap_ns", gap},
        {"threads", metric_number(f->threads, SAMPLE_NONE, number[1])}, {"twin", f->twin},
        {"state", f->state}, {"home", f->home},
        {"cpu", metric_number(f->cpu, SAMPLE_NONE, number[2])},
        {"peer", metric_number(f->peer, SAMPLE_NONE, number[3])},
        {"beside", metric_number(f->beside, SAMPLE_NONE, number[4])}, {"distance", f->distance},
        {"regime", metric_number(f->regime, SAMPLE_NONE, number[5])},
        {"runs", metric_number((int64_t)runs, 0, number[6])},
        {"clients", metric_number(f->clients, SAMPLE_NONE, number[7])},
        {"client_threads", metric_number(f->client_threads, SAMPLE_NONE, number[8])}};
    metrics_add(m, values[value].name, values[value].help, label, sizeof label / sizeof *label,
        *(const double *)(const void *)((const char *)pair + values[value].at));
}

static void add_tally(struct metrics *m, const struct compare_report *r)
{
    const struct compare_tally *const t = &r->tally;
    const struct {
        const char *verdict;
        size_t count;
    } counts[] = {{"worse", t->worse}, {"better", t->better}, {"same", t->same},
        {"undecided", t->open}, {"no interval", t->no_interval}, {"not judged", t->unjudged}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        metrics_add(m, "numaprobe_compare_estimates", "Estimates by their verdict.",
            &(struct metric_label){"verdict", counts[i].verdict}, 1, (double)counts[i].count);
    metrics_add(m, "numaprobe_compare_threshold_ratio", "Beyond it an estimate is worse.", NULL, 0,
        r->threshold);
    if (r->gate > 0)
        metrics_add(m, "numaprobe_compare_gate_passed", "1: the gate passed.", NULL, 0,
            t->worse == 0 && t->unjudged == 0);
}

void compare_print_metrics(const struct compare_report *r, FILE *out)
{
    const struct comparison *const c = r->comparison;
    struct metrics m = {.out = out};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t k = 0, runs = 1; k < c->pairs; k++) {
            runs += k > 0 && !compare_same_runs(&c->pair[k - 1], &c->pair[k]);
            add_pair(&m, i, &c->pair[k], runs);
        }
    add_tally(&m, r);
}
