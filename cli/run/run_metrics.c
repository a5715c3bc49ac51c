/* SPDX-License-Identifier: MIT
 * The report of a run as Prometheus's metrics: the estimates of the regime with the most blocks,
 * so that a series keeps its labels from run to run. */
#include "analysis/format/metrics.h"
#include "base/version.h"
#include "cli/events/event_reasons.h"
#include "cli/run/run_report.h"

#include <math.h>

/* Values of each estimate. */
static const struct {
    const char *name, *help;
    size_t at; /* of the double in struct estimate */
    double unit;
} values[] = {
    {"numaprobe_run_op_seconds", "Time of an op, the median over blocks.",
        offsetof(struct estimate, ns.mid), 1e-9},
    {"numaprobe_run_op_low_seconds", "Lower end of its 95% interval.",
        offsetof(struct estimate, ns.low), 1e-9},
    {"numaprobe_run_op_high_seconds", "Upper end of its 95% interval.",
        offsetof(struct estimate, ns.high), 1e-9},
    {"numaprobe_run_isolated_ratio", "That time over the time on separate lines.",
        offsetof(struct estimate, ratio.mid), 1},
    {"numaprobe_run_isolated_low_ratio", "Lower end of its 95% interval.",
        offsetof(struct estimate, ratio.low), 1},
    {"numaprobe_run_isolated_high_ratio", "Upper end of its 95% interval.",
        offsetof(struct estimate, ratio.high), 1},
    {"numaprobe_run_latency_p50_seconds", "Median latency of a single op.",
        offsetof(struct estimate, p50_ns), 1e-9},
    {"numaprobe_run_latency_p99_seconds", "99th percentile of the latency of a single op.",
        offsetof(struct estimate, p99_ns), 1e-9},
    {"numaprobe_run_fairness_ratio", "Fewest ops of a thread over the most.",
        offsetof(struct estimate, fairness), 1},
};

enum { LABELS = 9 };

struct names {
    char align[METRIC_NUMBER], gap[METRIC_NUMBER], threads[METRIC_NUMBER];
    struct metric_label label[LABELS + 1]; /* and one more */
};

static void fill_names(const struct estimate *f, struct names *out)
{
    const bool isolated = f->align_bytes == SAMPLE_NONE;
    snprintf(out->gap, sizeof out->gap, "%g", f->gap_ns);
    const struct metric_label label[LABELS] = {{"layout", f->layout},
        {"align_bytes",
            isolated ? "isolated" : metric_number(f->align_bytes, SAMPLE_NONE, out->align)},
        {"op", f->op}, {"role", f->role}, {"mode", f->mode}, {"gap_ns", out->gap},
        {"threads", metric_number(f->threads, SAMPLE_NONE, out->threads)}, {"twin", f->twin},
        {"distance", f->distance}};
    for (int i = 0; i < LABELS; i++)
        out->label[i] = label[i];
}

static bool is_main(const struct run_report *r, const struct estimate *f)
{
    return f->accepted && r->summary->regimes && f->regime == r->summary->regime[0].regime;
}

static void add_events(const struct run_report *r, struct metrics *m)
{
    for (size_t i = 0; i < r->summary->count; i++) {
        const struct estimate *const f = &r->summary->estimate[i];
        struct names names = {0};
        fill_names(f, &names);
        for (size_t k = 0; k < r->events.counters->roles && is_main(r, f); k++) {
            const struct counters_role *const role = &r->events.counters->role[k];
            if (role->role >= EVENT_HARDWARE || f->per_op[role->role].n == 0)
                continue;
            names.label[LABELS] = (struct metric_label){"event", event_name(role)};
            metrics_add(m, "numaprobe_run_events_per_op", "Events of an op.", names.label,
                LABELS + 1, f->per_op[role->role].mid);
        }
    }
}

static void add_values(const struct run_report *r, struct metrics *m)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t k = 0; k < r->summary->count; k++) {
            const struct estimate *const f = &r->summary->estimate[k];
            struct names names = {0};
            fill_names(f, &names);
            const double value = *(const double *)(const void *)((const char *)f + values[i].at);
            if (is_main(r, f))
                metrics_add(
                    m, values[i].name, values[i].help, names.label, LABELS, value * values[i].unit);
        }
}

static void add_run(const struct run_report *r, struct metrics *m)
{
    const struct sample *const s = r->samples->count ? &r->samples->row[0] : NULL;
    const struct metric_label info[] = {{"version", numaprobe_version},
        {"cpu_model", s ? s->cpu_model : NULL}, {"kernel", s ? s->kernel : NULL}};
    const struct regime *const main = r->summary->regimes ? &r->summary->regime[0] : NULL;
    metrics_add(m, "numaprobe_run_info", "What measured; always 1.", info, 3, 1);
    metrics_add(m, "numaprobe_run_duration_seconds", "How long the run took.", NULL, 0, r->seconds);
    metrics_add(
        m, "numaprobe_run_precise", "1: all intervals were narrow enough.", NULL, 0, r->enough);
    metrics_add(m, "numaprobe_run_blocks", "Blocks of the regime shown.", NULL, 0,
        main ? (double)main->blocks : 0);
    metrics_add(m, "numaprobe_run_canary_seconds", "Round trip of the canary in that regime.", NULL,
        0, main ? main->canary_ns * 1e-9 : (double)NAN);
}

int run_report_metrics(const struct run_report *r, FILE *out)
{
    struct metrics m = {.out = out};
    add_values(r, &m);
    add_events(r, &m);
    add_run(r, &m);
    return 0;
}
